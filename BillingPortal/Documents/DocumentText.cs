using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Documents;

/// <summary>
/// Figures and days as documents print them: English, exact, in UTC, and with a minus that can be copied into a
/// spreadsheet.
/// </summary>
internal static class DocumentText
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary><c>1,045</c> or <c>$22.00</c>; the document says which account it is of.</summary>
    public static string Figure(Amount amount)
    {
        var (minus, absolute) = (amount.IsNegative ? "-" : "", amount.Abs().ToDecimal());
        return amount.Unit switch
        {
            Unit.Credits => minus + absolute.ToString("#,0.####", CultureInfo.InvariantCulture),
            Unit.Usd => $"{minus}${absolute.ToString("#,0.00##", CultureInfo.InvariantCulture)}",
        };
    }

    /// <summary><c>1,045 credits</c> or <c>$22.00</c></summary>
    public static string WithUnit(Amount amount) => amount.Unit switch
    {
        Unit.Credits => $"{Figure(amount)} credits",
        Unit.Usd => Figure(amount),
    };

    public static string Cents(long cents) => Figure(Amount.UsdCents(cents));

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Number(decimal number) => number.ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary><c>3 November 2026</c></summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", English);

    public static string DayAndTime(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", English);
}
