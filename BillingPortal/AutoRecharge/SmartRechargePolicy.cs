using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Threshold and amount from the use of the last days. Robust: the median of the days with use, so that neither a single
/// storm nor idle weekends move it. Never proposes a recharge that could cost more than the spending limit. Pure.
/// </summary>
public static class SmartRechargePolicy
{
    // Below the usual size it is halved until a recharge fits the limit; after so many times nothing sensible is left.
    private const int HalvingsMax = 6;

    /// <param name="days">Use per whole day, idle days included.</param>
    /// <param name="rule">Its unit and spending limit; its own threshold and amount play no part.</param>
    public static SmartAnswer Propose(
        IReadOnlyList<Amount> days, RechargeRule rule, IReadOnlyList<CreditPackage> packages, RechargeOptions options)
    {
        var used = days.Where(day => day.IsPositive).ToList();
        if (used.Count < options.SmartDaysMin)
        {
            return new SmartAnswer(days.Count, used.Count, Values: null);
        }

        var median = Median(used);
        var isFirst = true;
        foreach (var (threshold, amount) in Sizes(median, rule.Unit, options))
        {
            if (Fits(threshold, amount, rule, packages, options))
            {
                return new SmartAnswer(days.Count, used.Count, new SmartProposal(
                    threshold, amount, median, used.Count, days.Count, IsLimited: !isFirst));
            }

            isFirst = false;
        }

        return new SmartAnswer(days.Count, used.Count, Values: null);
    }

    /// <summary>Whether the rule is far enough from the proposal to be changed: small moves would be noise.</summary>
    public static bool IsDue(RechargeRule rule, SmartProposal proposal, RechargeOptions options) =>
        rule.Size is not RechargeSize.Amount
        || Differs(rule.ThresholdE4, proposal.Threshold.E4, options.SmartChangePercent)
        || Differs(rule.AmountE4 ?? 0, proposal.Amount.E4, options.SmartChangePercent);

    /// <summary>Whether a change is worth a mail.</summary>
    public static bool IsNoticeable(RechargeAdjustment change, RechargeOptions options) =>
        Differs(change.ThresholdBeforeE4, change.ThresholdE4, options.SmartMailPercent)
        || Differs(change.AmountBeforeE4, change.AmountE4, options.SmartMailPercent);

    // The usual size first, then fewer days' worth, then less than a day's.
    private static IEnumerable<(Amount Threshold, Amount Amount)> Sizes(
        Amount median, Unit unit, RechargeOptions options)
    {
        var least = unit is Unit.Credits ? Amount.Credits(options.SmartMinimumCredits)
            : Amount.Usd(options.SmartMinimumUsd);
        var threshold = AtLeast(median * options.SmartThresholdDays, least);
        for (var days = options.SmartAmountDays; days >= 1; days--)
        {
            yield return (threshold, AtLeast(median * days, least));
        }

        for (var halvings = 1; halvings <= HalvingsMax; halvings++)
        {
            var part = AtLeast(median with { E4 = median.E4 >> halvings }, least);
            yield return (Amount.Min(part, threshold), part);
        }
    }

    private static bool Fits(
        Amount threshold, Amount amount, RechargeRule rule, IReadOnlyList<CreditPackage> packages,
        RechargeOptions options)
    {
        var probe = new RechargeRule
        {
            Unit = rule.Unit,
            ThresholdE4 = threshold.E4,
            Size = RechargeSize.Amount,
            AmountE4 = amount.E4,
        };
        var most = Math.Min(options.ChargeMaxCents, rule.MonthlyLimitCents ?? long.MaxValue);
        return RechargeSizing.Largest(probe, packages, options) is { } order && order.PriceCents <= most;
    }

    private static Amount AtLeast(Amount amount, Amount least) => Amount.Max(RoundedUp(amount), least);

    // Two leading digits are all that a guess is good for: 1,234 becomes 1,300.
    private static Amount RoundedUp(Amount amount)
    {
        var step = 1L;
        while (amount.E4 / step >= 100)
        {
            step *= 10;
        }

        return amount with { E4 = (((amount.E4 - 1) / step) + 1) * step };
    }

    private static Amount Median(List<Amount> used)
    {
        var sorted = used.Select(day => day.E4).Order().ToArray();
        var middle = sorted.Length / 2;
        return new Amount(
            sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, used[0].Unit);
    }

    private static bool Differs(long before, long after, int percent) =>
        before == 0 ? after != 0 : Math.Abs(after - before) >= before / 100m * percent;
}
