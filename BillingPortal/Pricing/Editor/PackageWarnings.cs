using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// What is odd about packages that are on sale together: people expect more to be cheaper, and what chooses the cheapest set acts
/// on it. Pure; warns and forbids nothing.
/// </summary>
public static class PackageWarnings
{
    public static IReadOnlyList<string> Of(IReadOnlyList<CreditPackage> onSale)
    {
        var warnings = new List<string>();
        var bySize = onSale.OrderBy(package => package.Credits).ToList();
        foreach (var larger in bySize)
        {
            var smaller = bySize.TakeWhile(package => package.Credits < larger.Credits).ToList();
            if (smaller.Where(package => package.PriceCents >= larger.PriceCents).MaxBy(package => package.Credits) is { } pointless)
            {
                warnings.Add(
                    $"{Name(larger)} cost no more than {Name(pointless)}: nobody has a reason to buy the smaller package.");
            }

            if (smaller.MinBy(package => package.CentsPerCredit) is { } best && best.CentsPerCredit < larger.CentsPerCredit)
            {
                warnings.Add(
                    $"{Name(larger)} would cost {PerCredit(larger)} each, dearer than {Name(best)} at {PerCredit(best)}: "
                    + "several of the smaller package are cheaper, and auto-recharge buys those.");
            }
        }

        return warnings;
    }

    /// <summary>"2.2 ¢"</summary>
    public static string PerCredit(CreditPackage package) =>
        string.Create(CultureInfo.InvariantCulture, $"{package.CentsPerCredit:0.0###} ¢");

    /// <summary>The package with the lowest price per credit; of equal ones the largest.</summary>
    public static CreditPackage? BestOf(IReadOnlyList<CreditPackage> onSale) =>
        onSale.OrderBy(package => package.CentsPerCredit).ThenByDescending(package => package.Credits).FirstOrDefault();

    public static string Name(CreditPackage package) =>
        $"{package.Credits.ToString("N0", CultureInfo.InvariantCulture)} credits for {AmountFormat.Cents(package.PriceCents)}";
}
