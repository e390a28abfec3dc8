using BillingPortal.Data;
using NpgsqlTypes;

namespace BillingPortal.Messaging;

/// <summary>Writes the timeline: each state once per message, the first time counts.</summary>
internal static class SmsSteps
{
    public static async Task AddAsync(
        UnitOfWork unit, SmsMessage message, SmsState state, int? code, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            INSERT INTO sms_steps (message_id, state, tenant_id, at, error_code) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """,
            message.Id, TextCodes.Of(state), message.TenantId, at.UtcDateTime, code);
        command.Parameters[4].NpgsqlDbType = NpgsqlDbType.Integer;
        await command.PrepareAsync(cancellationToken); // once per connection
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
