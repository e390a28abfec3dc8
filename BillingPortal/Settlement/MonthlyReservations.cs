using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Settlement;

/// <summary>
/// The door through which usage reaches the ledger: debited at once, or, for tenants that settle monthly, added to the
/// month's one reservation, never beyond what is available. A key is paid once whichever way it went first.
/// </summary>
public sealed class MonthlyReservations(Database database, LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>A month can be closed while usage for it is on its way, then the next one; further ones are open.</summary>
    private const int MonthsMax = 3;

    /// <summary>
    /// Posts each debit of usage by itself, in the order given; one result each. Durable when it returns. The entry of
    /// what is reserved is known once the month is settled.
    /// </summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        IReadOnlyList<Posting> uses, CancellationToken cancellationToken = default)
    {
        var monthly = await MonthlyAsync(uses, cancellationToken);
        if (monthly.Count == 0)
        {
            return await ledger.PostAsync(uses, cancellationToken);
        }

        var now = clock.GetUtcNow();
        var months = uses.Select(use => monthly.Contains(use.TenantId) && use.Amount.Unit is Unit.Usd
            ? BillingMonth.For(use.OccurredAt, now)
            : (BillingMonth?)null).ToArray();
        var results = new PostResult[uses.Count];
        var open = Enumerable.Range(0, uses.Count).ToList();
        for (var round = 0; round < MonthsMax && open.Count > 0; round++)
        {
            var posted = await ledger.PostAsync(
                [.. open.Select(i => months[i] is { } month ? Reserve(uses[i], month) : uses[i])], cancellationToken);
            foreach (var (i, result) in open.Zip(posted))
            {
                results[i] = result;
                months[i] = months[i]?.Next;
            }

            open = [.. open.Where(i => results[i].Outcome is PostOutcome.HoldEnded)];
        }

        await NameEntriesAsync(uses, results, cancellationToken);
        return results;
    }

    /// <summary>True for a tenant on the wallet plan that settles monthly.</summary>
    public async Task<bool> IsMonthlyAsync(Guid tenantId, CancellationToken cancellationToken = default) =>
        (await MonthlyAsync([tenantId], cancellationToken)).Count > 0;

    /// <summary>The same use, reserved with a month instead of debited.</summary>
    public static Posting Reserve(Posting use, BillingMonth month)
    {
        var own = BillingMonth.Of(use.OccurredAt);
        return use with
        {
            Operation = LedgerOperation.Reserve,
            HoldId = month.HoldIdOf(use.TenantId),
            CauseId = month.Code,
            Note = own < month ? $"{use.Note} (of {own.Name}, settled with {month.Name})" : use.Note,
        };
    }

    private async Task<HashSet<Guid>> MonthlyAsync(IReadOnlyList<Posting> uses, CancellationToken cancellationToken)
    {
        Guid[] tenants =
        [
            .. uses.Where(use => use is { Operation: LedgerOperation.Debit, Amount.Unit: Unit.Usd })
                .Select(use => use.TenantId).Distinct(),
        ];
        return tenants.Length == 0 ? [] : await MonthlyAsync(tenants, cancellationToken);
    }

    // The plan is asked too: a session may not have heard yet that it changed.
    private async Task<HashSet<Guid>> MonthlyAsync(Guid[] tenants, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            "SELECT id FROM tenants WHERE id = ANY ($1) AND plan = 'usd' AND settlement_mode = 'monthly'");
        command.Parameters.Add(new() { Value = tenants });
        var monthly = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            monthly.Add(reader.GetGuid(0));
        }

        return monthly;
    }

    // A repeat of what has been settled since is answered with the settlement's entry.
    private async Task NameEntriesAsync(
        IReadOnlyList<Posting> uses, PostResult[] results, CancellationToken cancellationToken)
    {
        var repeats = Enumerable.Range(0, uses.Count)
            .Where(i => results[i] is { Outcome: PostOutcome.Duplicate, Seq: 0, HoldId: not null }).ToList();
        if (repeats.Count == 0)
        {
            return;
        }

        await using var command = database.Ops.CreateCommand(
            """
            SELECT h.id, e.seq FROM unnest($1, $2) AS u (tenant_id, hold_id)
            JOIN holds AS h ON h.id = u.hold_id AND h.tenant_id = u.tenant_id
            JOIN entries AS e ON e.idempotency_key = h.ended_by_key AND e.tenant_id = h.tenant_id
            """);
        command.Parameters.Add(new() { Value = repeats.Select(i => uses[i].TenantId).ToArray() });
        command.Parameters.Add(new() { Value = repeats.Select(i => results[i].HoldId!.Value).ToArray() });
        var seqs = new Dictionary<Guid, long>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            seqs[reader.GetGuid(0)] = reader.GetInt64(1);
        }

        foreach (var i in repeats)
        {
            results[i] = results[i] with { Seq = seqs.GetValueOrDefault(results[i].HoldId!.Value) };
        }
    }
}
