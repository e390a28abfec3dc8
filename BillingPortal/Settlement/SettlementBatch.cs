using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Settlement;

/// <summary>
/// Debits reserved months inside the caller's transaction, which commits: one call of the ledger, one count, one insert, however many
/// they are. It is that transaction's one call of the ledger.
/// </summary>
internal sealed class SettlementBatch(LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>The rows of those that were settled now; nothing was reserved with the others, or somebody was faster.</summary>
    /// <exception cref="InvalidOperationException">The ledger gave an answer that no reservation should get.</exception>
    public async Task<IReadOnlyList<MonthlyBilling>> SettleAsync(
        UnitOfWork unit, IReadOnlyList<ReservedMonth> months, SettlementReason reason, CancellationToken cancellationToken)
    {
        var results = await ledger.PostAsync(unit, [.. months.Select(PostingOf)], cancellationToken);
        var posted = months.Zip(results).Where(pair => IsPosted(pair.First, pair.Second)).ToList();
        var counts = await CountAsync(unit, posted.ConvertAll(pair => pair.First), cancellationToken);
        var now = clock.GetUtcNow();
        var billings = posted.ConvertAll(pair => new MonthlyBilling
        {
            TenantId = pair.First.TenantId,
            Month = pair.First.Month.First,
            AmountE4 = pair.Second.Posted.E4,
            Events = counts[pair.First.HoldId].Events,
            LateEvents = counts[pair.First.HoldId].Late,
            EntrySeq = pair.Second.Seq,
            HoldId = pair.First.HoldId,
            Reason = reason,
            SettledAt = now,
        });
        unit.Db.AddRange(billings);
        await unit.Db.SaveChangesAsync(cancellationToken);
        return billings;
    }

    private static bool IsPosted(ReservedMonth month, PostResult result) => result.Outcome switch
    {
        PostOutcome.Posted => true,
        PostOutcome.UnknownHold or PostOutcome.HoldEnded or PostOutcome.Duplicate => false,
        _ => throw new InvalidOperationException($"The ledger answered {result.Outcome} to the settlement of {month.Month}."),
    };

    private Posting PostingOf(ReservedMonth reserved) => new()
    {
        TenantId = reserved.TenantId,
        Operation = LedgerOperation.Settle,
        Amount = Amount.Zero(Unit.Usd),
        Kind = EntryKind.Settlement,
        Counter = CounterAccount.UsageRevenue,
        Key = Ids.FromName("settlement", reserved.TenantId.ToString(), reserved.Month.Code),
        CauseType = SettlementService.Cause,
        CauseId = reserved.Month.Code,
        OccurredAt = clock.GetUtcNow(),
        Note = $"Usage of {reserved.Month.Name}, settled",
        HoldId = reserved.HoldId,
    };

    private static async Task<Dictionary<Guid, (int Events, int Late)>> CountAsync(
        UnitOfWork unit, List<ReservedMonth> months, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            SELECT m.hold_id, x.events, x.late FROM unnest($1, $2, $3) AS m (tenant_id, hold_id, begins_at)
            CROSS JOIN LATERAL (
              SELECT count(*)::int AS events, (count(*) FILTER (WHERE e.occurred_at < m.begins_at))::int AS late
              FROM hold_extensions AS e WHERE e.tenant_id = m.tenant_id AND e.hold_id = m.hold_id) AS x
            """,
            months.ConvertAll(month => month.TenantId), months.ConvertAll(month => month.HoldId),
            months.ConvertAll(month => month.Month.First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)));
        var counts = new Dictionary<Guid, (int, int)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[reader.GetGuid(0)] = (reader.GetInt32(1), reader.GetInt32(2));
        }

        return counts;
    }
}

/// <summary>A tenant's month with which something may be reserved.</summary>
internal readonly record struct ReservedMonth(Guid TenantId, BillingMonth Month)
{
    public Guid HoldId { get; } = Month.HoldIdOf(TenantId);
}
