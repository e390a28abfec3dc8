using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Settlement;

/// <summary>
/// The door through which usage reaches the ledger: debited at once, or, for tenants that settle monthly, added to the
/// month's one reservation. What is asked for (a debit) is never reserved beyond what is available; what has certainly
/// been used (a capture, a claw-back) is, and the rest becomes debt. A key is paid once whichever way it went first.
/// </summary>
public sealed class MonthlyReservations(Database database, LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>A month can be closed while usage for it is on its way, then the next one; further ones are open.</summary>
    private const int MonthsMax = 3;

    /// <summary>
    /// Posts each use by itself, in the order given; one result each. Durable when it returns. The entry of what is
    /// reserved is known once the month is settled.
    /// </summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        IReadOnlyList<Posting> uses, CancellationToken cancellationToken = default)
    {
        var months = await MonthsAsync(unit: null, uses, cancellationToken);
        var results = await PostAsync(uses, months, due => ledger.PostAsync(due, cancellationToken));
        await NameEntriesAsync(uses, results, cancellationToken);
        return results;
    }

    /// <summary>The same inside the caller's transaction, as its one call of the ledger. Other postings may be among them.</summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        UnitOfWork unit, IReadOnlyList<Posting> uses, CancellationToken cancellationToken = default)
    {
        var months = await MonthsAsync(unit, uses, cancellationToken);
        return await PostAsync(uses, months, due => ledger.PostAsync(unit, due, cancellationToken));
    }

    /// <summary>
    /// What <see cref="PostAsync(UnitOfWork, IReadOnlyList{Posting}, CancellationToken)"/> would post, for who posts it
    /// together with others. It is refused as ended where a month was closed early.
    /// </summary>
    public async Task<IReadOnlyList<Posting>> ProposeAsync(
        UnitOfWork unit, IReadOnlyList<Posting> uses, CancellationToken cancellationToken = default)
    {
        var months = await MonthsAsync(unit, uses, cancellationToken);
        return [.. uses.Zip(months, (use, month) => month is null ? use : Reserve(use, month.Value))];
    }

    /// <summary>The same use, reserved with a month instead of debited.</summary>
    public static Posting Reserve(Posting use, BillingMonth month)
    {
        var own = BillingMonth.Of(use.OccurredAt);
        return use with
        {
            Operation = use.Operation is LedgerOperation.Debit ? LedgerOperation.Reserve : LedgerOperation.ReserveFully,
            FromHoldId = use.HoldId,
            HoldId = month.HoldIdOf(use.TenantId),
            CauseId = month.Code,
            Note = own < month ? $"{use.Note} (of {own.Name}, settled with {month.Name})" : use.Note,
        };
    }

    // What is not to be reserved is posted as it is, and once.
    private static async Task<PostResult[]> PostAsync(
        IReadOnlyList<Posting> uses, BillingMonth?[] months, Func<IReadOnlyList<Posting>, Task<IReadOnlyList<PostResult>>> post)
    {
        var results = new PostResult[uses.Count];
        var open = Enumerable.Range(0, uses.Count).ToList();
        for (var round = 0; round < MonthsMax && open.Count > 0; round++)
        {
            var posted = await post(
                [.. open.Select(i => months[i] is { } month ? Reserve(uses[i], month) : uses[i])]);
            foreach (var (i, result) in open.Zip(posted))
            {
                results[i] = result;
                months[i] = months[i]?.Next;
            }

            open = [.. open.Where(i => months[i] is not null && results[i].Outcome is PostOutcome.HoldEnded)];
        }

        return results;
    }

    // Null where it is debited at once.
    private async Task<BillingMonth?[]> MonthsAsync(
        UnitOfWork? unit, IReadOnlyList<Posting> uses, CancellationToken cancellationToken)
    {
        Guid[] tenants = [.. uses.Where(IsUse).Select(use => use.TenantId).Distinct()];
        var monthly = tenants.Length == 0 ? [] : await MonthlyAsync(unit, tenants, cancellationToken);
        var now = clock.GetUtcNow();
        return
        [
            .. uses.Select(use => IsUse(use) && monthly.Contains(use.TenantId)
                ? BillingMonth.For(use.OccurredAt, now)
                : (BillingMonth?)null),
        ];
    }

    // Rent, set-up, refunds and what only reserves or sets free are none.
    private static bool IsUse(Posting posting) => posting is
    {
        Amount.Unit: Unit.Usd,
        Kind: EntryKind.Usage or EntryKind.HoldCapture,
        Operation: LedgerOperation.Debit or LedgerOperation.Capture or LedgerOperation.ClawBack,
    };

    // The plan is asked too: a session may not have heard yet that it changed.
    private async Task<HashSet<Guid>> MonthlyAsync(
        UnitOfWork? unit, Guid[] tenants, CancellationToken cancellationToken)
    {
        const string Sql = "SELECT id FROM tenants WHERE id = ANY ($1) AND plan = 'usd' AND settlement_mode = 'monthly'";
        await using var command = unit?.Command(Sql) ?? database.Ops.CreateCommand(Sql);
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
