using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Notifications;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Wallet;

/// <summary>
/// Reads what the Overview page shows and what <c>GET /api/credits</c> answers. Changes nothing in the books.
/// </summary>
public sealed class OverviewReader(
    Database database, BalanceReader balances, AlertReader alerts, TransactionReader transactions, EntryDays days,
    PackageReader packages, GrantService grants, ReservedDays reserved, RenewalReader renewals, LedgerAudit audit,
    TimeProvider clock)
{
    private const int ChartDays = 30;
    private const int LatestRows = 8;

    public async Task<Overview> ReadAsync(
        Guid tenantId, Unit plan, string timeZone, CancellationToken cancellationToken = default)
    {
        var (now, zone) = (clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(timeZone));
        var onSale = await packages.ListAsync(cancellationToken);
        var latest = await transactions.PageAsync(
            tenantId, timeZone, TransactionFilter.All(plan), before: null, LatestRows, cancellationToken);
        var expiring = await grants.OpenAsync(tenantId, plan, cancellationToken);
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var alert = await alerts.ReadAsync(work, tenantId, plan, cancellationToken);
        var balance = alert.Balance;
        var other = await balances.ReadAsync(work, tenantId, OtherThan(plan), cancellationToken);
        var recharge = await ReadAutoRechargeAsync(work, tenantId, plan, cancellationToken);
        var today = LocalDays.Of(now, zone);
        var from = Earlier(today.AddDays(1 - ChartDays), new DateOnly(today.Year, today.Month, 1));
        var sums = await reserved.MergeAsync(
            work, tenantId, await days.ReadAsync(work, tenantId, plan, timeZone, from, to: null, cancellationToken), plan, timeZone,
            from, cancellationToken);
        var firstDay = await FirstDayAsync(work, tenantId, plan, zone, cancellationToken);
        var unsettled = await reserved.OpenAsync(work, tenantId, plan, cancellationToken);
        var history = UseHistory.Build(sums, balance.Posted - unsettled, today, ChartDays);
        var forecast = await ForeseeAsync(work, tenantId, history, balance, recharge, firstDay, now, cancellationToken);
        return new Overview(
            balance, IsEmpty(other) ? null : other, alert.Level,
            MoneyValue.Of(balance.Available, onSale), recharge,
            new BurnDown(plan, history, recharge.IsOn ? recharge.Threshold : null, forecast),
            ThisMonth(sums, today), latest.Rows, latest.Rows.Count > 0, now)
        {
            Expiring = expiring,
            Proof = await audit.ReadAsync(work, tenantId, cancellationToken),
        };
    }

    public async Task<CreditsSummary> ReadCreditsAsync(
        Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var alert = await alerts.ReadAsync(work, tenantId, plan, cancellationToken);
        var balance = alert.Balance;
        var recharge = await ReadAutoRechargeAsync(work, tenantId, plan, cancellationToken);
        return new CreditsSummary(
            balance.Posted.ToDecimal(), balance.Held.ToDecimal(), balance.Available.ToDecimal(),
            balance.Debt.ToDecimal(), plan.ToCode(), alert.Level.ToCode(),
            new CreditsSummary.Recharge(recharge.IsOn, recharge.Threshold.ToDecimal()));
    }

    private static async Task<AutoRechargeState> ReadAutoRechargeAsync(
        UnitOfWork work, Guid tenantId, Unit plan, CancellationToken cancellationToken)
    {
        var rule = await work.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Unit == plan, cancellationToken);
        // Contract: no row (or one of another plan, whose amounts mean something else) reads as switched off, below 10.
        return rule is null
            ? new AutoRechargeState(IsOn: false, IsPaused: false, Amount.Of(10, plan))
            : new AutoRechargeState(rule.IsActive, rule.Enabled && !rule.IsActive, new Amount(rule.ThresholdE4, plan));
    }

    // The pace counts whole days only, and none before the account's first entry.
    private async Task<Forecast?> ForeseeAsync(
        UnitOfWork work, Guid tenantId, IReadOnlyList<DayOfUse> history, Balance balance, AutoRechargeState recharge,
        DateOnly? firstDay, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Amount> days =
        [
            .. history.SkipLast(1).TakeLast(ForecastPolicy.WindowDays).Where(day => day.Day >= firstDay)
                .Select(day => day.UsedBesidesNumbers),
        ];
        var available = balance.Available;
        var pace = ForecastPolicy.DailyPace(days) ?? Amount.Zero(available.Unit);
        if (days.Count < ForecastPolicy.DaysMin)
        {
            return null;
        }

        // Renewals only make it end sooner.
        var until = ForecastPolicy.UsedUpAt(available, pace, now, []) ?? now.AddDays(ForecastPolicy.HorizonDays);
        var rents = await renewals.ReadAsync(work, tenantId, available.Unit, until, cancellationToken);
        return pace.IsZero && rents.Count == 0 ? null : new Forecast(
            available, pace, ForecastPolicy.UsedUpAt(available, pace, now, rents),
            recharge.IsOn ? ForecastPolicy.UsedUpAt(available - recharge.Threshold, pace, now, rents) : null)
        {
            Renewals = rents,
        };
    }

    private static async Task<DateOnly?> FirstDayAsync(
        UnitOfWork work, Guid tenantId, Unit plan, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            "SELECT occurred_at FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq = 1", tenantId, plan.ToCode());
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime first ? LocalDays.Of(first, zone) : null;
    }

    private static List<ServiceUse> ThisMonth(IReadOnlyList<EntryDay> sums, DateOnly today) =>
    [
        .. sums.Where(day => day.Day.Year == today.Year && day.Day.Month == today.Month)
            .Where(day => UseKinds.IsUse(day.Kind, day.Service))
            .GroupBy(UseKinds.ServiceOf, StringComparer.Ordinal)
            .Select(service => new ServiceUse(
                service.Key,
                service.Aggregate(Amount.Zero(service.First().Unit), (sum, day) => sum + UseKinds.Used(day)),
                service.Sum(day => day.Entries)))
            .OrderByDescending(service => service.Used.E4),
    ];

    private static bool IsEmpty(Balance balance) => balance.Posted.IsZero && balance.Debt.IsZero;

    private static Unit OtherThan(Unit plan) => plan == Unit.Credits ? Unit.Usd : Unit.Credits;

    private static DateOnly Earlier(DateOnly left, DateOnly right) => left < right ? left : right;
}
