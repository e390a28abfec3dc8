using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// How much one recharge buys and what it costs. One charge closes the whole gap: afterwards the balance is at or above
/// the threshold, debt included, bonus not counted. Pure.
/// </summary>
public static class RechargeSizing
{
    /// <summary>Null when nothing can be bought: no package on sale, or the target is already reached.</summary>
    public static RechargeOrder? For(
        RechargeRule rule, Amount available, Amount debt, IReadOnlyList<CreditPackage> packages,
        RechargeOptions options)
    {
        var gap = rule.Threshold - available + debt;
        return rule.Unit switch
        {
            Unit.Credits => Credits(rule, gap, available, debt, packages, options),
            Unit.Usd => Dollars(rule, gap, available, debt, options),
        };
    }

    /// <summary>The most that one recharge by this rule can cost, short of a debt: from an empty account.</summary>
    public static RechargeOrder? Largest(
        RechargeRule rule, IReadOnlyList<CreditPackage> packages, RechargeOptions options) =>
        For(rule, Amount.Zero(rule.Unit), Amount.Zero(rule.Unit), packages, options);

    private static RechargeOrder? Credits(
        RechargeRule rule, Amount gap, Amount available, Amount debt, IReadOnlyList<CreditPackage> packages,
        RechargeOptions options)
    {
        var bonus = Amount.Credits(options.BonusCredits);
        var chosen =
            packages.FirstOrDefault(package => rule.Size is RechargeSize.Package && package.Id == rule.PackageId);
        if (chosen is not null && Amount.Credits(chosen.Credits) >= gap)
        {
            return new RechargeOrder(
                Amount.Credits(chosen.Credits), bonus, chosen.PriceCents, $"{chosen.Credits:N0} credits");
        }

        // A package that was withdrawn since is replaced by the cheapest way to the same number of credits.
        var wanted = Amount.Max(gap, chosen is null ? Wished(rule, available, debt) : Amount.Credits(chosen.Credits));
        if (!wanted.IsPositive || PackageMatcher.CheapestFor(packages, wanted) is not { } set)
        {
            return null;
        }

        var items = set.Items.Select(item => $"{item.Count} × {item.Package.Credits:N0}");
        var text = set.Items is [{ Count: 1 }] ? $"{set.Credits:N0} credits" : $"{string.Join(" + ", items)} credits";
        return new RechargeOrder(Amount.Credits(set.Credits), bonus, set.PriceCents, text);
    }

    private static RechargeOrder? Dollars(
        RechargeRule rule, Amount gap, Amount available, Amount debt, RechargeOptions options)
    {
        var wanted = Amount.Max(gap, Wished(rule, available, debt));
        if (!wanted.IsPositive)
        {
            return null;
        }

        var cents = Math.Max(options.ChargeMinCents, ((wanted.E4 - 1) / 100) + 1); // up to the whole cent
        return new RechargeOrder(Amount.UsdCents(cents), Amount.Zero(Unit.Usd), cents, "wallet funds");
    }

    private static Amount Wished(RechargeRule rule, Amount available, Amount debt) => rule.Size switch
    {
        RechargeSize.Amount or RechargeSize.Package => new Amount(rule.AmountE4 ?? 0, rule.Unit),
        RechargeSize.Target => new Amount(rule.AmountE4 ?? 0, rule.Unit) - available + debt,
    };
}
