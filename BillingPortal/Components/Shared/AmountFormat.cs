using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Components.Shared;

/// <summary>
/// How amounts read for people: <c>1,045 credits</c>, <c>$22.00</c>, <c>$0.375</c>. Exact: no digit is rounded
/// away.
/// </summary>
public static class AmountFormat
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary>With the unit.</summary>
    public static string Text(Amount amount) => amount.Unit switch
    {
        Unit.Credits => $"{Number(amount)} {(Math.Abs(amount.E4) == Amount.Scale ? "credit" : "credits")}",
        Unit.Usd => Number(amount),
    };

    /// <summary>Dollars keep their sign <c>$</c>; credits stand alone.</summary>
    public static string Number(Amount amount)
    {
        var absolute = amount.Abs().ToDecimal();
        var minus = amount.IsNegative ? "\u2212" : "";
        return amount.Unit switch
        {
            Unit.Credits => minus + absolute.ToString("#,0.####", English),
            Unit.Usd => minus + "$" + absolute.ToString("#,0.00##", English),
        };
    }

    /// <summary>A change: plus or minus in front.</summary>
    public static string Change(Amount amount) => (amount.IsPositive ? "+" : "") + Text(amount);

    /// <summary>A price in whole cents.</summary>
    public static string Cents(long cents) => Number(Amount.UsdCents(cents));
}
