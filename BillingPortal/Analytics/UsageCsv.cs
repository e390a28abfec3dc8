using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Analytics;

/// <summary>The usage page's figures as files: its table, or one line per row and column of its chart.</summary>
internal static class UsageCsv
{
    private static readonly string[] TableColumns =
    [
        "from", "to", "group", "row", "key", "uses", "quantity", "quantity_unit", "used", "given_back", "spent", "unit", "share",
        "previous_from", "previous_to", "previous_spent",
    ];

    private static readonly string[] SeriesColumns =
    [
        "from", "to", "group", "row", "key", "uses", "quantity", "quantity_unit", "used", "given_back", "spent", "unit",
    ];

    private static readonly string[] BudgetColumns =
    [
        "month", "service", "budget", "used", "used_percent", "forecast", "reached_at", "warn_at_percent", "reached_percent", "unit",
    ];

    public static PushStreamHttpResult Table(UsageReport report)
    {
        var request = report.Request;
        return CsvFile.Of(Name(report, ""), TableColumns, report.Rows.Select(row => (IReadOnlyList<object?>)
        [
            request.First, request.Last, .. Fields(report, row, row.Sums),
            report.Total.SpentE4 <= 0 ? null : decimal.Round((decimal)row.Sums.SpentE4 / report.Total.SpentE4, 4),
            request.Before.First, request.Before.Last, report.Of(row.Before.SpentE4).ToDecimal(),
        ]));
    }

    /// <summary>Only what is not nothing.</summary>
    public static PushStreamHttpResult Series(UsageReport report) => CsvFile.Of(
        Name(report, $"-by-{TextCodes.Of(report.Request.Step)}"), SeriesColumns,
        from column in report.Columns
        from pair in report.Rows.Zip(column.Rows)
        where !pair.Second.IsNothing
        select (IReadOnlyList<object?>)[column.First, column.Last, .. Fields(report, pair.First, pair.Second)]);

    public static PushStreamHttpResult Budgets(BudgetsView view) => CsvFile.Of(
        string.Create(CultureInfo.InvariantCulture, $"budgets-{view.Month:yyyy-MM}.csv"), BudgetColumns,
        view.Budgets.Select(standing => (IReadOnlyList<object?>)
        [
            view.Month, BudgetTexts.Code(standing.Budget.Service), standing.Budget.Amount.ToDecimal(), standing.Spent.ToDecimal(),
            standing.Percent, standing.Forecast is { } forecast ? BudgetMails.Whole(forecast).ToDecimal() : null, standing.ReachedAt,
            string.Join(' ', standing.Budget.Shares), string.Join(' ', view.AlertsOf(standing.Budget).Select(alert => alert.Share)),
            view.Unit.ToCode(),
        ]));

    private static object?[] Fields(UsageReport report, UsageRow row, UsageSums sums)
    {
        var unit = UsageTexts.QuantityUnit(report.Request, row);
        return
        [
            report.Request.Tag is { } tag ? $"tag {tag}" : TextCodes.Of(report.Request.Group), TextCodes.Of(row.Kind), row.Key, sums.Uses,
            unit is null ? null : sums.Quantity, unit, report.Of(sums.OutE4).ToDecimal(), report.Of(sums.InE4).ToDecimal(),
            report.Of(sums.SpentE4).ToDecimal(), report.Unit.ToCode(),
        ];
    }

    private static string Name(UsageReport report, string suffix) => string.Create(
        CultureInfo.InvariantCulture,
        $"usage-{TextCodes.Of(report.Request.Group)}{suffix}-{report.Request.First:yyyy-MM-dd}-to-{report.Request.Last:yyyy-MM-dd}.csv");
}
