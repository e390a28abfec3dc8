using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Brings a rule up to date with the last days, inside the caller's transaction: its pace, and in smart mode threshold and
/// amount. Changes the rule it was given and nothing else; the caller stores and commits.
/// </summary>
public sealed class SmartTuner(
    UsagePaceReader paces, PackageReader packages, TimeProvider clock, RechargeOptions options)
{
    /// <summary>What the last days suggest, whatever the mode.</summary>
    public async Task<(SmartAnswer Answer, IReadOnlyList<Amount> Days)> ReadAsync(
        UnitOfWork unit, RechargeRule rule, CancellationToken cancellationToken)
    {
        var zone = await unit.Db.Set<Tenant>().Where(tenant => tenant.Id == rule.TenantId)
            .Select(tenant => tenant.TimeZone).SingleAsync(cancellationToken);
        var days = await paces.DaysAsync(
            unit, rule.TenantId, rule.Unit, zone, clock.GetUtcNow(), cancellationToken);
        var onSale = await packages.ListAsync(cancellationToken);
        return (SmartRechargePolicy.Propose(days, rule, onSale, options), days);
    }

    /// <summary>Null when smart mode leaves the rule's values as they are.</summary>
    public async Task<RechargeAdjustment?> TuneAsync(
        UnitOfWork unit, RechargeRule rule, CancellationToken cancellationToken)
    {
        if (rule is { Smart: not SmartMode.Automatic, NoticeHours: 0 })
        {
            (rule.PaceE4, rule.PaceAt) = (null, null);
            return null;
        }

        var now = clock.GetUtcNow();
        var (answer, days) = await ReadAsync(unit, rule, cancellationToken);
        (rule.PaceE4, rule.PaceAt) = (RechargeForecast.DailyPace(days, options.ForecastDaysMin)?.E4, now);
        if (rule.Smart is not SmartMode.Automatic || answer.Values is not { } values
            || !SmartRechargePolicy.IsDue(rule, values, options))
        {
            return null;
        }

        var change = new RechargeAdjustment
        {
            Id = Ids.New(),
            TenantId = rule.TenantId,
            Unit = rule.Unit,
            ThresholdBeforeE4 = rule.ThresholdE4,
            ThresholdE4 = values.Threshold.E4,
            AmountBeforeE4 = rule.AmountE4 ?? 0,
            AmountE4 = values.Amount.E4,
            Reason = values.Reason,
            AdjustedAt = now,
        };
        (rule.ThresholdE4, rule.Size, rule.PackageId) = (change.ThresholdE4, RechargeSize.Amount, null);
        rule.AmountE4 = change.AmountE4;
        return change;
    }
}
