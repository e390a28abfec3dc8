using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;

namespace BillingPortal.Wallet;

/// <summary>Reads the dollar account for the Wallet page and for <c>GET /api/wallet</c>. Changes nothing.</summary>
public sealed class WalletReader(
    Database database, BalanceReader balances, TransactionReader transactions, EntryDays days, SettlementReader settlement,
    TimeProvider clock)
{
    private const int LatestRows = 20;

    public async Task<WalletAnswer> ReadAnswerAsync(
        Guid tenantId, string timeZone, CancellationToken cancellationToken = default)
    {
        var balance = await balances.ReadAsync(tenantId, Unit.Usd, cancellationToken);
        var latest = await transactions.PageAsync(
            tenantId, timeZone, TransactionFilter.All(Unit.Usd), before: null, LatestRows, cancellationToken);
        return new WalletAnswer(
            balance.Posted.ToDecimal(), balance.Held.ToDecimal(), balance.Available.ToDecimal(), balance.Debt.ToDecimal(),
            Unit.Usd.ToCode(), [.. latest.Rows.Select(TransactionsAnswer.Row.Of)]);
    }

    public async Task<WalletView> ReadAsync(
        Guid tenantId, string timeZone, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var today = LocalDays.Of(now, TimeZoneInfo.FindSystemTimeZoneById(timeZone));
        var month = await settlement.ReadAsync(tenantId, cancellationToken);
        await days.FoldAsync(tenantId, Unit.Usd, timeZone, cancellationToken);
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var sums = await days.ReadAsync(
            work, tenantId, Unit.Usd, timeZone, new DateOnly(today.Year, today.Month, 1), to: null, cancellationToken);
        return new WalletView(
            await balances.ReadAsync(work, tenantId, Unit.Usd, cancellationToken),
            await balances.ReadAsync(work, tenantId, Unit.Credits, cancellationToken),
            month, AtOnce(sums), now);
    }

    // A settlement is use of the month before: it stands in the history.
    private static List<ServiceUse> AtOnce(IReadOnlyList<EntryDay> sums) =>
    [
        .. sums.Where(day => UseKinds.IsUse(day.Kind, day.Service) && day.Kind is not EntryKind.Settlement)
            .GroupBy(UseKinds.ServiceOf, StringComparer.Ordinal)
            .Select(service => new ServiceUse(
                service.Key, service.Aggregate(Amount.Zero(Unit.Usd), (sum, day) => sum + UseKinds.Used(day)),
                service.Sum(day => day.Entries)))
            .OrderByDescending(service => service.Used.E4),
    ];
}
