using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>A tenant to evaluate, leased to one worker until <see cref="LeasedUntil"/>.</summary>
/// <param name="Version">The crossing that the lease has seen; a later one keeps the request pending.</param>
/// <param name="Attempts">Leases since the last completion, this one included.</param>
public sealed record RechargeLease(
    Guid TenantId, Unit Unit, long CrossedSeq, DateTimeOffset RequestedAt, DateTimeOffset LeasedUntil, long Version, int Attempts);

/// <summary>
/// Hands out the recharge requests that crossings have written. It decides nothing: whoever leases one evaluates the rule.
/// </summary>
public sealed class RechargeRequests(TimeProvider clock)
{
    internal const string Lease =
        """
        UPDATE recharge_requests AS r SET leased_until = $2, attempts = r.attempts + 1
        FROM (SELECT tenant_id FROM recharge_requests
              WHERE done_version < version AND (leased_until IS NULL OR leased_until <= $1)
              ORDER BY requested_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
        WHERE r.tenant_id = due.tenant_id
        RETURNING r.tenant_id, r.unit, r.crossed_seq, r.requested_at, r.leased_until, r.version, r.attempts
        """;

    internal const string ForgetAbove =
        """
        UPDATE recharge_requests AS r SET is_below = false
        FROM (SELECT q.tenant_id FROM recharge_requests AS seen
              JOIN recharge_requests AS q ON q.tenant_id = seen.tenant_id AND q.xmin = seen.xmin
              WHERE seen.is_below AND NOT EXISTS (
                SELECT FROM accounts AS a WHERE a.tenant_id = seen.tenant_id AND a.balance_e4 - a.held_e4 < a.recharge_below_e4)
              FOR NO KEY UPDATE OF q SKIP LOCKED) AS above
        WHERE r.tenant_id = above.tenant_id
        """;

    /// <summary>
    /// Leases up to <paramref name="max"/> pending requests, oldest first, skipping what others hold. Of the operator's unit of work,
    /// which commits the lease; one that is not completed in time is leased again.
    /// </summary>
    public async Task<IReadOnlyList<RechargeLease>> LeaseAsync(
        UnitOfWork ops, int max, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        await using var command = ops.Command(
            Lease, now.UtcDateTime, (now + duration).UtcDateTime, max);
        var leases = new List<RechargeLease>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new RechargeLease(
                reader.GetGuid(0), Units.Parse(reader.GetString(1))!.Value, reader.GetInt64(2),
                reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(5), reader.GetInt32(6)));
        }

        return leases;
    }

    /// <summary>
    /// The evaluation stands: in the unit of work that records it. A crossing that came after the lease keeps the request pending.
    /// </summary>
    public async Task CompleteAsync(UnitOfWork ops, RechargeLease lease, CancellationToken cancellationToken = default)
    {
        await using var command = ops.Command(
            """
            UPDATE recharge_requests SET done_version = greatest(done_version, $2), leased_until = NULL, attempts = 0
            WHERE tenant_id = $1
            """,
            lease.TenantId, lease.Version);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Leaves out of the next sweeps whose accounts are above their threshold again; commits with the operator's unit of work. A
    /// row that changed at the same time stays: it is another version of it (<c>xmin</c>). Waits for nobody.
    /// </summary>
    public async Task<int> ForgetAboveAsync(UnitOfWork ops, CancellationToken cancellationToken = default)
    {
        await using var command = ops.Command(ForgetAbove);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
