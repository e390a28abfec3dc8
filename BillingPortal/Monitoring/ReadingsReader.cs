using BillingPortal.Data;
using BillingPortal.Jobs.Monitor;
using Npgsql;

namespace BillingPortal.Monitoring;

/// <summary>Asks the database for the portal's state: one statement for all queues and the audit, the monitor's own for the jobs.</summary>
internal sealed class ReadingsReader(Database database, JobMonitor jobs, TimeProvider clock)
{
    public const int CountMax = 10_000;

    // Each along a partial index over exactly what waits, and no further than it must. $1: the portal's time, $2: where counts end.
    private const string Queues =
        """
        SELECT 'outbox', count(*), min(since) FROM (
          SELECT greatest(created_at, due_at) AS since FROM outbox_messages
          WHERE delivered_at IS NULL AND dead_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2) AS due
        UNION ALL
        SELECT 'outbox.dead', count(*), min(since) FROM (
          SELECT dead_at AS since FROM outbox_messages WHERE dead_at IS NOT NULL ORDER BY dead_at, id LIMIT $2) AS dead
        UNION ALL
        SELECT 'inbox', count(*), min(since) FROM (
          SELECT greatest(received_at, next_attempt_at) AS since FROM webhook_events
          WHERE state = 'pending' AND next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT $2) AS due
        UNION ALL
        SELECT 'inbox.dead', count(*), min(since) FROM (
          SELECT received_at AS since FROM webhook_events WHERE state = 'dead' ORDER BY received_at, id LIMIT $2) AS dead
        UNION ALL
        SELECT 'tenant_webhooks', count(*), min(since) FROM (
          SELECT due_at AS since FROM tenant_webhook_deliveries WHERE state = 'pending' AND due_at <= $1 ORDER BY due_at LIMIT $2) AS due
        UNION ALL
        SELECT 'recharges.requests', count(*), min(since) FROM (
          SELECT requested_at AS since FROM recharge_requests WHERE done_version < version ORDER BY requested_at LIMIT $2) AS due
        UNION ALL
        SELECT 'recharges.in_flight', count(*), min(since) FROM (
          SELECT started_at AS since FROM recharge_attempts WHERE state IN ('recorded', 'charging', 'unknown') LIMIT $2) AS open
        UNION ALL
        (SELECT 'audit', violations, proven_at FROM ledger_audit_runs ORDER BY id DESC LIMIT 1)
        """;

    public async Task<Readings> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var queues = await QueuesAsync(now, cancellationToken);
        queues.Remove("audit", out var audit);
        var states = await jobs.AllAsync(cancellationToken);
        var machineNow = TimeProvider.System.GetUtcNow();
        return new Readings(now, queues, audit?.Oldest, audit?.Count, [.. states.Select(job => JobState.Of(job, machineNow))]);
    }

    private async Task<Dictionary<string, Queue>> QueuesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(Queues);
        command.CommandTimeout = 10;
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        command.Parameters.Add(new NpgsqlParameter { Value = CountMax });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var queues = new Dictionary<string, Queue>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            queues[row.GetString(0)] = new Queue(row.GetInt64(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2));
        }

        return queues;
    }
}
