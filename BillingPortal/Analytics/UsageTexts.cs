using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Wallet;

namespace BillingPortal.Analytics;

/// <summary>Usage in words and figures for people.</summary>
internal static class UsageTexts
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    public static string Day(DateOnly day) => day.ToString("d MMM yyyy", English);

    public static string Span(DateOnly first, DateOnly last) => first == last ? Day(first)
        : first.Year == last.Year ? $"{first.ToString("d MMM", English)} – {Day(last)}"
        : $"{Day(first)} – {Day(last)}";

    public static string Name(UsageRequest request, UsageRow row, int values) => row.Kind switch
    {
        UsageRowKind.Other => $"{Math.Max(0, values - UsageReader.RowsMax):N0} others",
        UsageRowKind.Without => request.Group is UsageGroup.Number ? "Without a number" : $"Without {request.Tag}",
        UsageRowKind.Value => request.Group is UsageGroup.Service ? ServiceNames.Of(row.Key) : row.Key.Length > 0 ? row.Key : "(empty)",
    };

    public static string Heading(UsageRequest request) => request.Group switch
    {
        UsageGroup.Service => "Service",
        UsageGroup.Number => "Phone number",
        UsageGroup.Tag => request.Tag!,
    };

    /// <summary>Colour of a row: a service has its own everywhere, the rest take theirs by place.</summary>
    public static string Style(UsageRequest request, UsageRow row, int place) => row.Kind switch
    {
        UsageRowKind.Value when request.Group is UsageGroup.Service => ServiceNames.StyleOf(row.Key),
        UsageRowKind.Value when place < UsagePlotGeometry.SeriesMax => $"usage-series-{place + 1}",
        _ => "service-other",
    };

    /// <summary>How much was used, with its unit. Empty where several services are in one row.</summary>
    public static string Quantity(UsageRequest request, UsageRow row)
    {
        if (QuantityUnit(request, row) is not { } unit)
        {
            return "";
        }

        var number = row.Sums.Quantity.ToString("#,0.##", English);
        return $"{number} {unit}{(row.Sums.Quantity == 1 ? "" : "s")}";
    }

    /// <summary>The singular of what is counted; null where the row mixes services.</summary>
    public static string? QuantityUnit(UsageRequest request, UsageRow row) =>
        (request.Group is UsageGroup.Service ? row.Key : request.Service) is { } service && service != ServiceNames.Other
            ? ServiceCodes.UnitNameOf(service)
            : null;

    public static string Number(long number) => number.ToString("#,0", English);

    public static string Share(long part, long whole) =>
        whole <= 0 ? "–" : (100m * part / whole).ToString("0.#", English) + " %";

    /// <summary>Against the period before: "+12 %", "new", "–".</summary>
    public static string Change(UsageSums now, UsageSums before) => (now.SpentE4, before.SpentE4) switch
    {
        (0, 0) => "–",
        (_, <= 0) => "new",
        var (spent, then) => Signed(100m * (spent - then) / then),
    };

    /// <summary>The picture in one sentence, for who cannot see it.</summary>
    public static string Summary(UsageReport report)
    {
        var top = report.Rows.Where(row => row.Kind is UsageRowKind.Value && row.Sums.SpentE4 > 0).Take(3).Select(row =>
            $"{Name(report.Request, row, report.Values)} {AmountFormat.Text(report.Of(row.Sums.SpentE4))}");
        var step = report.Request.Step.ToString().ToLowerInvariant();
        return $"Spend per {step}, {Span(report.Request.First, report.Request.Last)}: {AmountFormat.Text(report.Of(report.Total.SpentE4))} "
            + $"in all{(report.Total.SpentE4 > 0 ? ": " + string.Join(", ", top) : "")}.";
    }

    public static string Column(UsageRequest request, UsageColumn column) => request.Step switch
    {
        UsageStep.Day => column.First.ToString("ddd d MMM yyyy", English),
        UsageStep.Week => Span(column.First, column.Last),
        UsageStep.Month => column.First.ToString("MMMM yyyy", English),
    };

    private static string Signed(decimal percent) => percent switch
    {
        > 0 and < 0.5m or < 0 and > -0.5m => "±0 %",
        0 => "±0 %",
        > 9_999 => "> 9,999 %",
        > 0 => "+" + percent.ToString("#,0", English) + " %",
        _ => "\u2212" + (-percent).ToString("#,0", English) + " %",
    };
}
