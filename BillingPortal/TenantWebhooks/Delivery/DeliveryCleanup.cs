using BillingPortal.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>Forgets what is old: messages with their deliveries and tries, and secrets whose overlap is over.</summary>
public sealed class DeliveryCleanup(Database database, TimeProvider clock, IOptions<TenantWebhookOptions> options)
{
    private const int BatchSize = 1000;

    /// <summary>Says how many messages went, at most so many.</summary>
    public async Task<int> RunAsync(int messagesMax, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        await ExecuteAsync(
            """
            UPDATE tenant_webhook_endpoints SET old_secret = NULL, old_secret_until = NULL WHERE old_secret_until <= $1
            """,
            cancellationToken, now);
        var removed = 0;
        while (removed < messagesMax)
        {
            var batch = await ExecuteAsync(
                """
                DELETE FROM tenant_webhook_messages WHERE id IN (
                  SELECT id FROM tenant_webhook_messages m WHERE created_at < $1 AND NOT EXISTS (
                    SELECT FROM tenant_webhook_deliveries d WHERE d.message_id = m.id AND d.state = 'pending')
                  ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                """,
                cancellationToken, now.AddDays(-options.Value.KeepDays), Math.Min(BatchSize, messagesMax - removed));
            if (batch == 0)
            {
                break;
            }

            removed += batch;
        }

        return removed;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.Ops.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
