using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Brings a rule up to date with the last days, inside the caller's transaction: its pace, and in smart mode threshold and
/// amount. Changes the rule it was given and nothing else; the caller stores and commits.
/// </summary>
public sealed class SmartTuner(
    UsagePaceReader paces, EntryDays sums, TenantReader tenants, PackageReader packages, TimeProvider clock, RechargeOptions options)
{
    /// <summary>
    /// Adds up what the days have so far, in commits of its own: before the caller's transaction, so that no lock waits for a long history.
    /// </summary>
    public async Task PrepareAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        if (await tenants.FindAsync(tenantId, cancellationToken) is { } tenant)
        {
            await sums.FoldAsync(tenantId, tenant.Plan, tenant.TimeZone, cancellationToken);
        }
    }

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
    /// <param name="before">Threshold and amount before a person's change, in ten-thousandths; null: as they are.</param>
    public async Task<RechargeAdjustment?> TuneAsync(
        UnitOfWork unit, RechargeRule rule, (long ThresholdE4, long AmountE4)? before, CancellationToken cancellationToken)
    {
        if (rule is { Smart: not SmartMode.Automatic, NoticeHours: 0 })
        {
            (rule.PaceE4, rule.PaceAt) = (null, null);
            return null;
        }

        var now = clock.GetUtcNow();
        var (answer, days) = await ReadAsync(unit, rule, cancellationToken);
        (rule.PaceE4, rule.PaceAt) = (RechargeForecast.DailyPace(days, options.ForecastDaysMin)?.E4, now);
        return rule.Smart is SmartMode.Automatic && answer.Values is { } values
            ? Apply(rule, values, before ?? (rule.ThresholdE4, rule.AmountE4 ?? 0))
            : null;
    }

    // The form shows the proposal before it is saved: what counts is where the rule came from.
    private RechargeAdjustment? Apply(
        RechargeRule rule, SmartProposal values, (long ThresholdE4, long AmountE4) before)
    {
        if (SmartRechargePolicy.IsDue(rule, values, options))
        {
            (rule.ThresholdE4, rule.Size, rule.PackageId) = (values.Threshold.E4, RechargeSize.Amount, null);
            rule.AmountE4 = values.Amount.E4;
        }

        return (rule.ThresholdE4, rule.AmountE4) != (values.Threshold.E4, values.Amount.E4)
            || before == (values.Threshold.E4, values.Amount.E4)
            ? null
            : new RechargeAdjustment
            {
                Id = Ids.New(),
                TenantId = rule.TenantId,
                Unit = rule.Unit,
                ThresholdBeforeE4 = before.ThresholdE4,
                ThresholdE4 = values.Threshold.E4,
                AmountBeforeE4 = before.AmountE4,
                AmountE4 = values.Amount.E4,
                Reason = values.Reason,
                AdjustedAt = clock.GetUtcNow(),
            };
    }
}
