using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Web;

/// <summary>
/// Claims a key before the work and keeps the answer of a success for a day. Each step is a transaction of its own, so
/// a crash leaves a claim that runs out; the endpoint's own key then decides what had been done.
/// </summary>
public sealed class IdempotencyStore(Database database, TimeProvider clock)
{
    /// <summary>How long an answer is replayed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // Longer than any request may run: provider calls end after 80 seconds with their retries.
    private static readonly TimeSpan Locked = TimeSpan.FromMinutes(3);

    /// <summary>Takes the key if it is free, run out, or left by a process that died on the same request.</summary>
    public async Task<IdempotencyClaim> ClaimAsync(
        Guid tenantId, string endpoint, string key, byte[] fingerprint, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using var claim = unit.Command(
            """
            INSERT INTO idempotency_keys AS known (tenant_id, endpoint, key, fingerprint, created_at, locked_until)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant_id, endpoint, key) DO UPDATE
              SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, locked_until = excluded.locked_until,
                  status = NULL, content_type = NULL, body = NULL
              WHERE known.created_at <= $7
                 OR (known.status IS NULL AND known.locked_until <= $5 AND known.fingerprint = excluded.fingerprint)
            RETURNING true
            """,
            tenantId, endpoint, key, fingerprint, now, now + Locked, now - Kept);
        if (await claim.ExecuteScalarAsync(cancellationToken) is true)
        {
            await unit.CommitAsync(cancellationToken);
            return new IdempotencyClaim(IdempotencyOutcome.Won, null);
        }

        var known = await unit.Db.Set<IdempotencyRecord>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId && row.Endpoint == endpoint && row.Key == key, cancellationToken);
        return known switch
        {
            null => new IdempotencyClaim(IdempotencyOutcome.InUse, null), // released this very moment: the caller tries again
            _ when !known.Fingerprint.AsSpan().SequenceEqual(fingerprint) => new IdempotencyClaim(IdempotencyOutcome.Reused, null),
            { Status: null } => new IdempotencyClaim(IdempotencyOutcome.InUse, null),
            _ => new IdempotencyClaim(IdempotencyOutcome.Replay, known),
        };
    }

    /// <summary>Keeps the answer for replay. Not cancellable: the work is done.</summary>
    public async Task CompleteAsync(Guid tenantId, string endpoint, string key, int status, string? contentType, byte[] body)
    {
        await using var unit = await database.BeginAsync(tenantId, CancellationToken.None);
        await unit.Db.Set<IdempotencyRecord>()
            .Where(row => row.TenantId == tenantId && row.Endpoint == endpoint && row.Key == key)
            .ExecuteUpdateAsync(row => row.SetProperty(record => record.Status, status)
                .SetProperty(record => record.ContentType, contentType).SetProperty(record => record.Body, body));
        await unit.CommitAsync(CancellationToken.None);
    }

    /// <summary>
    /// Frees the key after a refusal or a failure: the same key may be tried again, also with another body.
    /// </summary>
    public async Task ReleaseAsync(Guid tenantId, string endpoint, string key)
    {
        await using var unit = await database.BeginAsync(tenantId, CancellationToken.None);
        await unit.Db.Set<IdempotencyRecord>()
            .Where(row => row.TenantId == tenantId && row.Endpoint == endpoint && row.Key == key && row.Status == null)
            .ExecuteDeleteAsync();
        await unit.CommitAsync(CancellationToken.None);
    }

    /// <summary>
    /// Removes up to <paramref name="most"/> keys that are no longer replayed, of all tenants; answers how many.
    /// </summary>
    public async Task<int> SweepAsync(int most, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var sweep = unit.Command(
            """
            DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
              SELECT ctid FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT $2))
            """,
            clock.GetUtcNow() - Kept, most);
        var removed = await sweep.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return removed;
    }
}

/// <summary>What became of a claim.</summary>
public enum IdempotencyOutcome
{
    /// <summary>Do the work.</summary>
    Won,

    /// <summary>The same request is running.</summary>
    InUse,

    /// <summary>The key belongs to another request.</summary>
    Reused,

    /// <summary>Done before: give the same answer.</summary>
    Replay,
}

/// <summary>The outcome, and the answer to replay.</summary>
public sealed record IdempotencyClaim(IdempotencyOutcome Outcome, IdempotencyRecord? Answer);
