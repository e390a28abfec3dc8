using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Wallet;

/// <summary>Everything the Transactions page shows for one filter.</summary>
/// <param name="Refusal">Says what is wrong with the filter; the rest is then empty.</param>
/// <param name="Units">The accounts that have entries, the plan's first.</param>
/// <param name="Proof">What the last audits said of these books.</param>
public sealed record TransactionsView(
    string? Refusal, TransactionFilter Filter, IReadOnlyList<Unit> Units, TransactionPage Page,
    TransactionTotals Totals, AuditState Proof)
{
    public bool HasAny => Totals.Count > 0;

    /// <summary>Reads the views. Changes nothing.</summary>
    public sealed class Reader(Database database, TransactionReader transactions, LedgerAudit audit)
    {
        public async Task<TransactionsView> ReadAsync(
            Guid tenantId, Unit plan, string timeZone, TransactionQuery query,
            CancellationToken cancellationToken = default)
        {
            var request = query.Judge(plan, TimeZoneInfo.FindSystemTimeZoneById(timeZone));
            var filter = request.Filter;
            if (request.Refusal is { } refusal)
            {
                var none = new TransactionTotals(0, Amount.Zero(plan), Amount.Zero(plan), IsComplete: true);
                return new TransactionsView(
                    refusal.Detail, filter, [plan], new TransactionPage([], Next: null), none, AuditState.Never);
            }

            var page = await transactions.PageAsync(
                tenantId, timeZone, filter, request.Cursor, request.Limit, cancellationToken);
            var totals = await transactions.TotalsAsync(tenantId, timeZone, filter, cancellationToken);
            await using var work = await database.BeginAsync(tenantId, cancellationToken);
            var used = await work.Db.Set<Account>().Where(account => account.TenantId == tenantId && account.LastSeq > 0)
                .Select(account => account.Unit).ToListAsync(cancellationToken);
            var proof = await audit.ReadAsync(work, tenantId, cancellationToken);
            var units = used.Append(plan).Append(filter.Unit).Distinct().OrderBy(unit => unit != plan).ToList();
            return new TransactionsView(Refusal: null, filter, units, page, totals, proof);
        }
    }
}
