using BillingPortal.Data;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Messaging;

/// <summary>Writes a new outbound message: its turn of the minute, its row and its first step in one statement.</summary>
internal static class SmsOutboundRow
{
    private const string Insert =
        $"""
        WITH turn AS ({SmsRates.Take}),
        message AS (
          INSERT INTO sms_messages (id, tenant_id, direction, number, peer, country, body, segments, state, payment, unit,
                                    price_e4, hold_id, request_key, created_at, updated_at, check_at, looks)
          SELECT $5, $1, 'outbound', $6, $7, $8, $9, $10, 'recorded', $11, $12, $13, $14, $15, $2, $2, $16, 0
          FROM turn WHERE used <= $4),
        step AS (
          INSERT INTO sms_steps (message_id, state, tenant_id, at) SELECT $5, 'recorded', $1, $2 FROM turn WHERE used <= $4)
        SELECT used, window_started_at FROM turn
        """;

    /// <summary>Null: it is written. Else how long to wait for a turn; the caller rolls back.</summary>
    /// <exception cref="PostgresException">A unique violation: the same key, a moment earlier.</exception>
    public static async Task<TimeSpan?> AddAsync(
        UnitOfWork unit, SmsMessage message, int perMinuteMax, CancellationToken cancellationToken)
    {
        var now = message.CreatedAt;
        await using var command = unit.Command(
            Insert, message.TenantId, now.UtcDateTime, (now - SmsRates.Window).UtcDateTime, perMinuteMax, message.Id,
            message.Number, message.Peer, message.Country, message.Body, message.Segments, TextCodes.Of(message.Payment),
            TextCodes.Of(message.Unit), message.PriceE4, message.HoldId, message.RequestKey,
            message.CheckAt!.Value.UtcDateTime);
        command.Parameters[13].NpgsqlDbType = NpgsqlDbType.Uuid;
        command.Parameters[14].NpgsqlDbType = NpgsqlDbType.Uuid;
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return SmsRates.WaitOf(reader.GetInt32(0), perMinuteMax, reader.GetFieldValue<DateTimeOffset>(1), now);
    }
}
