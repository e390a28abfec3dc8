using BillingPortal.Audit;
using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>A rule as the audit log shows it: what a person chose, in words; not what the portal remembers about its work.</summary>
internal sealed record RechargeSides(
    bool On, string Account, Amount Threshold, string Buys, string Pays, string MonthlyLimit, int AttemptsPerDay, SmartMode Smart,
    int NoticeHours, int GraceDays)
{
    public static async Task<RechargeSides> OfAsync(
        UnitOfWork unit, RechargeRule rule, PackageReader packages, CancellationToken cancellationToken)
    {
        var buys = rule.Size switch
        {
            RechargeSize.Amount => AmountFormat.Text(new Amount(rule.AmountE4 ?? 0, rule.Unit)),
            RechargeSize.Target => $"up to {AmountFormat.Text(new Amount(rule.AmountE4 ?? 0, rule.Unit))}",
            RechargeSize.Package => (await packages.ListAsync(cancellationToken)).FirstOrDefault(one => one.Id == rule.PackageId)?.Code
                ?? "a package that is not on sale",
        };
        var cards = rule.CardIds.Length == 0 ? [] : await CardRows.KeptAsync(unit, rule.TenantId, cancellationToken);
        var pays = rule.PaysByInvoice ? "on invoice"
            : rule.CardIds.Length == 0 ? "the default card, then the others"
            : string.Join(", ", rule.CardIds.Select(id => cards.Find(card => card.Id == id)).OfType<SavedCard>().Select(CardNames.Of));
        return new RechargeSides(
            rule.Enabled, rule.Unit.ToCode(), rule.Threshold, buys, pays,
            rule.MonthlyLimitCents is { } cents ? AmountFormat.Cents(cents) : "none", rule.AttemptsPerDay, rule.Smart,
            rule.NoticeHours, rule.GraceDays);
    }

    /// <summary>Writes the line of a change, if there was one.</summary>
    public static void Record(
        UnitOfWork unit, TimeProvider clock, Guid tenantId, RechargeSides? before, RechargeSides after, Actor? by = null) =>
        unit.RecordSetting(clock, new SettingChange(
            tenantId, "auto_recharge.changed", tenantId.ToString(), SummaryOf(before, after), before, after, by));

    private static string SummaryOf(RechargeSides? before, RechargeSides after) =>
        (before?.On ?? false, after.On) switch
        {
            (false, true) => "Auto-recharge switched on: ",
            (true, false) => "Auto-recharge switched off: ",
            _ => "Auto-recharge changed: ",
        }
        + $"below {AmountFormat.Text(after.Threshold)}, {after.Buys}, monthly limit {after.MonthlyLimit}.";
}
