using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.Wallet;

/// <summary>About what an amount of credits costs to buy: for reading beside the credits, never for charging.</summary>
internal static class MoneyValue
{
    /// <summary>
    /// At the price of the largest package that is not larger than the amount, or of the smallest one; rounded to the
    /// cent. Null for money itself and when nothing is on sale.
    /// </summary>
    public static Amount? Of(Amount amount, IReadOnlyList<CreditPackage> packages)
    {
        if (amount.Unit != Unit.Credits || packages.Count == 0)
        {
            return null;
        }

        var package = packages.Where(package => package.Credits <= amount.ToDecimal()).MaxBy(package => package.Credits)
            ?? packages.MinBy(package => package.Credits)!;
        var cents = amount.ToDecimal() * package.CentsPerCredit;
        return Amount.UsdCents(decimal.ToInt64(decimal.Round(cents, MidpointRounding.AwayFromZero)));
    }
}
