using System.Globalization;
using System.Text.Json;

namespace BillingPortal.Demo;

/// <summary>Writes <c>samples/acme-month.jsonl</c>: one month of usage of the tenant acme. The same month is always the same text.</summary>
internal static class SampleMonth
{
    public const string Tenant = "acme";

    /// <summary>The shipped month.</summary>
    public static readonly DateOnly Shipped = new(2026, 12, 1);

    public static IEnumerable<string> Lines(DateOnly month) =>
        from day in Enumerable.Range(0, DateTime.DaysInMonth(month.Year, month.Month))
        from one in UsagePattern.Day(UsageProfile.AcmeMonth, month.AddDays(day))
        select string.Create(CultureInfo.InvariantCulture, $$"""
            {"tenant":"{{Tenant}}","service":"{{one.Service}}","quantity":{{one.Quantity}},"reference_id":{{JsonSerializer.Serialize(one.ReferenceId)}},"occurred_at":"{{one.OccurredAt:yyyy-MM-ddTHH:mm:ssZ}}","metadata":{{one.Metadata}}}
            """);
}
