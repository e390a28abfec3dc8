using System.Globalization;
using BillingPortal.Usage;

namespace BillingPortal.Demo;

/// <summary>
/// Writes <c>samples/acme-month.jsonl</c>: one month of usage of the tenant acme. The same month is always the same text.
/// </summary>
internal static class SampleMonth
{
    public const string Tenant = "acme";

    /// <summary>The shipped month.</summary>
    public static readonly DateOnly Shipped = new(2026, 12, 1);

    public static IEnumerable<string> Lines(DateOnly month) =>
        from day in Enumerable.Range(0, DateTime.DaysInMonth(month.Year, month.Month))
        from one in UsagePattern.Day(UsageProfile.AcmeMonth, month.AddDays(day))
        select Line(one);

    // Services, references and slugs are plain words: nothing needs escaping.
    private static string Line(UsageEvent one)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"\"service\":\"{one.Service}\",\"quantity\":{one.Quantity}");
        var when = $"{one.OccurredAt:yyyy-MM-ddTHH:mm:ssZ}";
        return $$"""
            {"tenant":"{{Tenant}}",{{what}},"reference_id":"{{one.ReferenceId}}","occurred_at":"{{when}}","metadata":{{one.Metadata}}}
            """;
    }
}
