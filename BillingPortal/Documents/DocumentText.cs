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
    public static string Figure(Amount amount) => Figure(amount, PlacesOf([amount]));

    /// <summary>With so many decimal places, so that the figures of a column stand one below the other.</summary>
    public static string Figure(Amount amount, int places)
    {
        var (minus, absolute) = (amount.IsNegative ? "-" : "", amount.Abs().ToDecimal());
        var sign = amount.Unit is Unit.Usd ? "$" : "";
        return $"{minus}{sign}{absolute.ToString($"N{places}", CultureInfo.InvariantCulture)}";
    }

    /// <summary>As many decimal places as these amounts need: dollars at least two.</summary>
    public static int PlacesOf(IEnumerable<Amount> amounts) => amounts
        .Select(amount => (Least: amount.Unit is Unit.Usd ? 2 : 0, Needed: amount.E4 switch
        {
            var e4 when e4 % 10_000 == 0 => 0,
            var e4 when e4 % 1_000 == 0 => 1,
            var e4 when e4 % 100 == 0 => 2,
            var e4 when e4 % 10 == 0 => 3,
            _ => 4,
        }))
        .Select(places => Math.Max(places.Least, places.Needed)).DefaultIfEmpty(0).Max();

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
