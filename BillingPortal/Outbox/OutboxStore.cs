using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Outbox;

/// <summary>
/// The rows behind the dispatcher. Leases run on the database's clock, because they are about processes being alive;
/// due times run on the portal's.
/// </summary>
internal sealed class OutboxStore(Database database, TimeProvider time)
{
    private const string Columns =
        "id, kind, tenant_id, key, payload, created_at, due_at, attempts, lease_id, leased_until, last_error, trace_parent";

    private const string Claim =
        $"""
        UPDATE outbox_messages SET lease_id = $1, leased_until = now() + $2, attempts = attempts + 1
        WHERE id IN (
          SELECT id FROM outbox_messages
          WHERE delivered_at IS NULL AND dead_at IS NULL AND kind = ANY ($3) AND due_at <= $4
            AND (leased_until IS NULL OR leased_until <= now())
          ORDER BY due_at, id LIMIT $5
          FOR UPDATE SKIP LOCKED)
        RETURNING {Columns}
        """;

    /// <summary>Takes messages that nobody else has, for as long as the lease lasts.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> ClaimAsync(
        string[] kinds, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(Claim);
        Add(command, Ids.New(), lease, kinds, time.GetUtcNow(), limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var messages = new List<OutboxMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(Read(reader));
        }

        return messages;
    }

    /// <summary>What is left of a claim is kept so much longer; nothing when another process has it by now.</summary>
    public async Task RenewAsync(Guid leaseId, TimeSpan lease)
    {
        await using var command = database.Ops.CreateCommand(
            "UPDATE outbox_messages SET leased_until = now() + $2 WHERE delivered_at IS NULL AND dead_at IS NULL AND lease_id = $1");
        Add(command, leaseId, lease);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>False when the lease was lost meanwhile: somebody else has the message now.</summary>
    public Task<bool> DeliveredAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        EndAsync(message, "delivered_at = $3, last_error = NULL", cancellationToken, time.GetUtcNow());

    public Task<bool> RetryAsync(
        OutboxMessage message, DateTimeOffset dueAt, string error, CancellationToken cancellationToken) =>
        EndAsync(message, "due_at = $3, last_error = $4", cancellationToken, dueAt, error);

    public Task<bool> DeadAsync(OutboxMessage message, string error, CancellationToken cancellationToken) =>
        EndAsync(message, "dead_at = $3, last_error = $4", cancellationToken, time.GetUtcNow(), error);

    /// <summary>Gives a message back untried, because this process stops.</summary>
    public Task<bool> ReleaseAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        EndAsync(message, "attempts = attempts - 1", cancellationToken);

    /// <summary>Puts a dead message back, with all its tries.</summary>
    public async Task<bool> ReplayAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            WITH back AS (
              UPDATE outbox_messages SET dead_at = NULL, attempts = 0, due_at = '-infinity'
              WHERE id = $1 AND dead_at IS NOT NULL RETURNING id)
            SELECT count(*) FROM back, LATERAL pg_notify('outbox', '')
            """);
        Add(command, id);
        return await command.ExecuteScalarAsync(cancellationToken) is 1L;
    }

    /// <summary>The same for many, at the caller's commit; what is not dead is left out.</summary>
    public static async Task<IReadOnlyList<ReplayedMessage>> ReplayAsync(
        UnitOfWork unit, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            WITH back AS (
              UPDATE outbox_messages SET dead_at = NULL, attempts = 0, due_at = '-infinity'
              WHERE id = ANY ($1) AND dead_at IS NOT NULL RETURNING id, kind, tenant_id),
            told AS MATERIALIZED (SELECT pg_notify('outbox', '') WHERE EXISTS (SELECT FROM back))
            SELECT back.id, back.kind, back.tenant_id FROM back, told ORDER BY back.id
            """,
            ids.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var back = new List<ReplayedMessage>();
        while (await row.ReadAsync(cancellationToken))
        {
            back.Add(new(row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2)));
        }

        return back;
    }

    /// <summary>When the next message that nobody has is due; null when there is none.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(string[] kinds, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            SELECT min(due_at) FROM outbox_messages
            WHERE delivered_at IS NULL AND dead_at IS NULL AND leased_until IS NULL AND kind = ANY ($1)
            """);
        Add(command, [kinds]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0)
            ? reader.GetFieldValue<DateTimeOffset>(0)
            : null;
    }

    /// <summary>Forgets what was delivered long ago; dead messages stay until somebody looks at them.</summary>
    public async Task<int> ForgetAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            DELETE FROM outbox_messages WHERE id IN (
              SELECT id FROM outbox_messages WHERE delivered_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """);
        Add(command, time.GetUtcNow() - age, limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> EndAsync(
        OutboxMessage message, string set, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.Ops.CreateCommand(
            $"UPDATE outbox_messages SET {set}, lease_id = NULL, leased_until = NULL WHERE id = $1 AND lease_id = $2");
        Add(command, [message.Id, message.LeaseId!, .. values]);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static OutboxMessage Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Kind = row.GetString(1),
        TenantId = row.IsDBNull(2) ? null : row.GetGuid(2),
        Key = row.IsDBNull(3) ? null : row.GetString(3),
        Payload = row.GetString(4),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(5),
        DueAt = row.GetFieldValue<DateTimeOffset>(6),
        Attempts = row.GetInt32(7),
        LeaseId = row.GetGuid(8),
        LeasedUntil = row.GetFieldValue<DateTimeOffset>(9),
        LastError = row.IsDBNull(10) ? null : row.GetString(10),
        TraceParent = row.IsDBNull(11) ? null : row.GetString(11),
    };

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}

/// <summary>A dead message that was put back.</summary>
public sealed record ReplayedMessage(Guid Id, string Kind, Guid? TenantId);
