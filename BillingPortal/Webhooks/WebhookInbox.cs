using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Webhooks;

/// <summary>
/// The rows of the inbox. An event is written once, whoever brings it how often; leases run on the database's clock,
/// waits on the portal's.
/// </summary>
public sealed class WebhookInbox(Database database, TimeProvider time)
{
    public const string Channel = "inbox";
    public const string Stripe = "stripe";
    public const string Twilio = "twilio";
    public const string Resend = "resend";

    private const string Insert =
        """
        INSERT INTO webhook_events (id, provider, event_id, type, object_id, source, occurred_at, received_at, body,
                                    state, attempts, next_attempt_at, lease_id, leased_until)
        """;

    private const string Claim =
        """
        UPDATE webhook_events SET lease_id = $1, leased_until = now() + $2, attempts = attempts + 1
        WHERE id IN (
          SELECT id FROM webhook_events
          WHERE state = 'pending' AND next_attempt_at <= $3 AND (leased_until IS NULL OR leased_until <= now())
          ORDER BY next_attempt_at, id LIMIT $4
          FOR UPDATE SKIP LOCKED)
        RETURNING id, provider, event_id, type, object_id, body, attempts, lease_id
        """;

    /// <summary>
    /// False when the event is known already. Durable when this returns. Rings for what was fetched only: who received a call wakes its
    /// own drain, and commits that NOTIFY wait for each other's disk.
    /// </summary>
    public async Task<bool> StoreAsync(
        string provider, ArrivedEvent arrived, EventSource source, CancellationToken cancellationToken = default)
    {
        await using var command = database.Ops.CreateCommand(
            $"""
            {Insert} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 0, '-infinity', NULL, NULL)
            ON CONFLICT (provider, event_id) DO NOTHING
            """);
        Add(command, Row(provider, arrived, source));
        command.CommandTimeout = 0; // durable also on a synchronous standby, see UnitOfWork.CommitAsync
        var isNew = await command.ExecuteNonQueryAsync(CancellationToken.None) == 1;
        if (isNew && source is EventSource.Fetched)
        {
            await CallAsync(cancellationToken);
        }

        return isNew;
    }

    /// <summary>Wakes the drains of all processes: there is more than one can do at once.</summary>
    internal async Task CallAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand("SELECT pg_notify('inbox', '')");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// The same for an event that the caller deals with at once: it is the caller's until the lease ends. Null when the
    /// event is known already.
    /// </summary>
    internal async Task<ClaimedEvent?> StoreClaimedAsync(
        string provider, ArrivedEvent arrived, TimeSpan lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var command = database.Ops.CreateCommand(
            $"""
            {Insert} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 1, '-infinity', $10, now() + $11)
            ON CONFLICT (provider, event_id) DO NOTHING RETURNING id
            """);
        var leaseId = Ids.New();
        Add(command, [.. Row(provider, arrived, EventSource.Webhook), leaseId, lease]);
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync(CancellationToken.None) is Guid id
            ? new ClaimedEvent(
                id, provider, arrived.Id, arrived.Type, arrived.ObjectId, arrived.Body, Attempts: 1, leaseId)
            : null;
    }

    /// <summary>Puts an event back, with all its tries, whatever became of it. False when it waits already.</summary>
    public async Task<bool> ReplayAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var command = database.Ops.CreateCommand(
            """
            WITH back AS (
              UPDATE webhook_events SET state = 'pending', ended_at = NULL, attempts = 0, next_attempt_at = '-infinity'
              WHERE id = $1 AND state <> 'pending' RETURNING id)
            SELECT count(*) FROM back, LATERAL pg_notify('inbox', '')
            """);
        Add(command, id);
        return await command.ExecuteScalarAsync(cancellationToken) is 1L;
    }

    /// <summary>The same for many, at the caller's commit; what waits already is left out. Says what each was before.</summary>
    internal async Task<IReadOnlyList<ReplayedEvent>> PutBackAsync(
        UnitOfWork unit, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            WITH old AS (
              SELECT id, provider, type, state FROM webhook_events WHERE id = ANY ($1) AND state <> 'pending' ORDER BY id FOR UPDATE),
            back AS (
              UPDATE webhook_events SET state = 'pending', ended_at = NULL, attempts = 0, next_attempt_at = '-infinity'
              FROM old WHERE webhook_events.id = old.id),
            told AS MATERIALIZED (SELECT pg_notify('inbox', '') WHERE EXISTS (SELECT FROM old))
            SELECT old.id, old.provider, old.type, old.state FROM old, told ORDER BY old.id
            """,
            ids.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var back = new List<ReplayedEvent>();
        while (await row.ReadAsync(cancellationToken))
        {
            back.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2), TextCodes.Parse<EventState>(row.GetString(3))));
        }

        return back;
    }

    internal async Task<IReadOnlyList<ClaimedEvent>> ClaimAsync(
        int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(Claim);
        Add(command, Ids.New(), lease, time.GetUtcNow(), limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<ClaimedEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            claimed.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetString(5), reader.GetInt32(6),
                reader.GetGuid(7)));
        }

        return claimed;
    }

    /// <summary>What is left of a claim is kept so much longer; nothing when another process has it by now.</summary>
    internal async Task RenewAsync(Guid leaseId, TimeSpan lease)
    {
        await using var command = database.Ops.CreateCommand(
            "UPDATE webhook_events SET leased_until = now() + $2 WHERE state = 'pending' AND lease_id = $1");
        Add(command, leaseId, lease);
        await command.ExecuteNonQueryAsync();
    }

    internal Task EndAsync(
        ClaimedEvent claimed, EventState state, string? error, CancellationToken cancellationToken) => UpdateAsync(
        claimed, "state = $3, ended_at = $4, last_error = $5", cancellationToken,
        TextCodes.Of(state), time.GetUtcNow(), (object?)error ?? DBNull.Value);

    internal Task RetryAsync(
        ClaimedEvent claimed, DateTimeOffset at, string error, CancellationToken cancellationToken) =>
        UpdateAsync(claimed, "next_attempt_at = $3, last_error = $4", cancellationToken, at, error);

    /// <summary>Gives an event back untried, because this process stops.</summary>
    internal Task ReleaseAsync(ClaimedEvent claimed, CancellationToken cancellationToken) =>
        UpdateAsync(claimed, "attempts = attempts - 1", cancellationToken);

    internal async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            "SELECT min(next_attempt_at) FROM webhook_events WHERE state = 'pending' AND leased_until IS NULL");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0)
            ? reader.GetFieldValue<DateTimeOffset>(0)
            : null;
    }

    /// <summary>Forgets what ended well long ago; dead events stay until somebody looks at them.</summary>
    internal async Task ForgetAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            DELETE FROM webhook_events WHERE id IN (
              SELECT id FROM webhook_events WHERE received_at < $1 AND state IN ('handled', 'ignored')
              LIMIT $2 FOR UPDATE SKIP LOCKED)
            """);
        Add(command, time.GetUtcNow() - age, limit);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task UpdateAsync(
        ClaimedEvent claimed, string set, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.Ops.CreateCommand(
            $"UPDATE webhook_events SET {set}, lease_id = NULL, leased_until = NULL WHERE id = $1 AND lease_id = $2");
        Add(command, [claimed.Id, claimed.LeaseId, .. values]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private object[] Row(string provider, ArrivedEvent arrived, EventSource source) =>
    [
        Ids.New(), provider, arrived.Id, arrived.Type, (object?)arrived.ObjectId ?? DBNull.Value, TextCodes.Of(source),
        arrived.OccurredAt, time.GetUtcNow(), arrived.Body,
    ];

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}

/// <summary>An event that this process has for the length of its lease.</summary>
internal sealed record ClaimedEvent(
    Guid Id, string Provider, string EventId, string Type, string? ObjectId, string Body, int Attempts,
    Guid LeaseId);

/// <summary>An event that was put back, and what it was before.</summary>
internal sealed record ReplayedEvent(Guid Id, string Provider, string Type, EventState State);
