using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Grants;

/// <summary>
/// Keeps what is left of expiring grants, behind the hot path: nobody who posts waits for it, and whoever looks first takes
/// off what was spent since. Exact, because the books are numbered and only grants and debits between two numbers count.
/// </summary>
public sealed class GrantBooks
{
    /// <summary>
    /// Notes that a posted credit expires. In the transaction that posted it, under whatever name people know it by.
    /// </summary>
    public async Task AddAsync(
        UnitOfWork unit, Guid tenantId, PostResult posted, DateTimeOffset expiresAt, string name, string? causeId,
        CancellationToken cancellationToken = default)
    {
        if (posted.Outcome is not PostOutcome.Posted)
        {
            return; // a repeat: it was noted with the first one
        }

        await using (var mark = unit.Command(
            "INSERT INTO grant_marks (tenant_id, unit, through_seq) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            tenantId, posted.Balance.Unit.ToCode(), posted.Seq))
        {
            await mark.ExecuteNonQueryAsync(cancellationToken);
        }

        unit.Db.Add(new ExpiringGrant
        {
            TenantId = tenantId,
            Unit = posted.Balance.Unit,
            Seq = posted.Seq,
            AmountE4 = posted.Posted.E4,
            RemainingE4 = posted.Posted.E4,
            ExpiresAt = expiresAt,
            Name = name,
            CauseId = causeId,
        });
    }

    /// <summary>What expiry has taken back of everything that this cause gave.</summary>
    public async Task<Amount> ExpiredOfAsync(
        UnitOfWork unit, Guid tenantId, Unit account, string causeId, CancellationToken cancellationToken = default) =>
        new(
            await unit.Db.Set<ExpiringGrant>()
                .Where(grant => grant.TenantId == tenantId && grant.Unit == account && grant.CauseId == causeId)
                .SumAsync(grant => grant.ExpiredE4, cancellationToken),
            account);

    /// <summary>
    /// The account's grants with something left, as of its newest entry, locked until the commit. Null: it never had one.
    /// </summary>
    public async Task<OpenGrants?> FoldAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken = default)
    {
        var mark = await MarkAsync(unit, tenantId, account, cancellationToken);
        if (mark is null)
        {
            return null;
        }

        var grants = await Tracked(unit, unit.Db.Set<ExpiringGrant>())
            .Where(grant => grant.TenantId == tenantId && grant.Unit == account && grant.RemainingE4 > 0)
            .ToListAsync(cancellationToken);
        var cuts = grants.Select(grant => grant.Seq).Order().ToArray();
        foreach (var (stretch, spentE4, lastSeq) in await SpentAsync(unit, mark, cuts, cancellationToken))
        {
            // Stretch n lies behind the n-th grant: only the first n were there to be spent.
            BurnOrder.Spend(grants.Where(grant => Array.IndexOf(cuts, grant.Seq) < stretch), spentE4);
            mark.ThroughSeq = Math.Max(mark.ThroughSeq, lastSeq);
        }

        await unit.Db.SaveChangesAsync(cancellationToken);
        return new OpenGrants(mark, [.. BurnOrder.Of(grants.Where(grant => grant.RemainingE4 > 0))]);
    }

    // Who may only read takes off what was spent for itself alone, and leaves the books as they are.
    private static IQueryable<T> Tracked<T>(UnitOfWork unit, IQueryable<T> rows)
        where T : class => unit.IsReadOnly ? rows.AsNoTracking() : rows;

    private static Task<GrantMark?> MarkAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken) =>
        Tracked(unit, unit.IsReadOnly
            ? unit.Db.Set<GrantMark>().Where(row => row.TenantId == tenantId && row.Unit == account)
            : unit.Db.Set<GrantMark>().FromSql(
                $"SELECT * FROM grant_marks WHERE tenant_id = {tenantId} AND unit = {account.ToCode()} FOR UPDATE"))
        .SingleOrDefaultAsync(cancellationToken);

    // What was spent in each stretch between two grants. Expiry entries have been taken off where they were posted.
    private static async Task<List<(int Stretch, long SpentE4, long LastSeq)>> SpentAsync(
        UnitOfWork unit, GrantMark mark, long[] cuts, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            SELECT CASE WHEN cardinality($4::bigint[]) = 0 THEN 0 ELSE width_bucket(seq, $4::bigint[]) END AS stretch,
                   coalesce(sum(-amount_e4) FILTER (WHERE amount_e4 < 0 AND kind <> 'expiry'), 0)::bigint, max(seq)
            FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq > $3
            GROUP BY 1 ORDER BY 1
            """,
            mark.TenantId, mark.Unit.ToCode(), mark.ThroughSeq, cuts);
        var stretches = new List<(int, long, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            stretches.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return stretches;
    }
}

/// <summary>What is left of an account's expiring grants, in burn order, as of the entry that the mark names.</summary>
public sealed record OpenGrants(GrantMark Mark, IReadOnlyList<ExpiringGrant> Grants);
