using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>
/// The narrow door to money: every change of a balance goes through <c>PostAsync</c>. An answer is given only after the durable commit;
/// a cancelled caller never un-posts. Safe for concurrent use.
/// </summary>
public sealed class LedgerWriter(Database database, TimeProvider clock)
{
    /// <summary>Posts one request, together with whatever others are waiting.</summary>
    public async Task<PostResult> PostAsync(Posting posting, CancellationToken cancellationToken = default) =>
        (await PostAsync([posting], cancellationToken))[0];

    /// <summary>Posts each request by itself: one that is refused does not hold back the others. Same order out as in.</summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        IReadOnlyList<Posting> postings, CancellationToken cancellationToken = default)
    {
        Check(postings);
        await using var connection = await database.Ops.OpenConnectionAsync(cancellationToken);
        using var command = new LedgerCommand();
        return await command.ExecuteAsync(
            connection, null, postings, clock.GetUtcNow(), prepare: false, cancellationToken);
    }

    /// <summary>
    /// Posts inside the caller's transaction, which commits it. Once per transaction, because the accounts are locked in key order.
    /// </summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        UnitOfWork unit, IReadOnlyList<Posting> postings, CancellationToken cancellationToken = default)
    {
        Check(postings);
        using var command = new LedgerCommand();
        return await command.ExecuteAsync(
            unit.Connection, unit.Transaction, postings, clock.GetUtcNow(), prepare: false, cancellationToken);
    }

    /// <summary>Opens both accounts of a tenant, empty. Safe to repeat. For the operator's unit of work only.</summary>
    public async Task OpenAccountsAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var command = unit.Command("SELECT ledger_open_accounts($1)", tenantId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Below this available amount a debit, hold or capture writes a recharge request; null switches that off. When available is
    /// below already, the request is written now.
    /// </summary>
    public async Task SetRechargeBelowAsync(
        UnitOfWork unit, Guid tenantId, Unit accountUnit, Amount? below, CancellationToken cancellationToken = default)
    {
        if (below is { } amount && amount.Unit != accountUnit)
        {
            throw new ArgumentException($"The threshold of the {accountUnit.ToCode()} account must be in its unit.", nameof(below));
        }

        await using var command = unit.Command(
            "SELECT ledger_set_recharge_below($1, $2, $3, $4)", tenantId, accountUnit.ToCode(), below?.E4, clock.GetUtcNow());
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            throw new InvalidOperationException($"Tenant {tenantId} has no {accountUnit.ToCode()} account.");
        }
    }

    private static void Check(IReadOnlyList<Posting> postings)
    {
        foreach (var posting in postings)
        {
            if (!posting.Amount.IsPositive && posting.Operation is not (LedgerOperation.Release or LedgerOperation.Expire))
            {
                throw new ArgumentException($"A {posting.Operation} needs an amount greater than zero, not {posting.Amount}.");
            }

            if (posting.HoldId is null && posting.Operation is LedgerOperation.Capture or LedgerOperation.Release or LedgerOperation.Expire)
            {
                throw new ArgumentException($"A {posting.Operation} needs the hold that it ends.");
            }
        }
    }
}
