using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Analytics;

/// <summary>Draws spend per day, week or month as SVG, without script: the same picture before and after the circuit is up.</summary>
public sealed partial class UsagePlot : ComponentBase
{
    private UsagePlotGeometry _plot = null!;

    [Parameter, EditorRequired]
    public required UsageReport Report { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public int Width { get; set; } = 960;

    [Parameter]
    public int Labels { get; set; } = 7;

    [Parameter]
    public string Class { get; set; } = "";

    protected override void OnParametersSet() => _plot = new UsagePlotGeometry(Report, Width);

    private string Foot(DateOnly day) =>
        day.ToString(Report.Request.Step is UsageStep.Month ? "MMM yyyy" : "d MMM", CultureInfo.InvariantCulture);

    private string Axis(long e4) => new Amount(e4, Report.Unit) switch
    {
        { Unit: Unit.Usd } usd => usd.ToDecimal().ToString(
            e4 % Amount.Scale == 0 ? "$#,0" : "$#,0.00", CultureInfo.InvariantCulture),
        var credits => credits.ToDecimal() is >= 100_000 and var many
            ? (many / 1000).ToString("#,0.#k", CultureInfo.InvariantCulture)
            : credits.ToDecimal().ToString("#,0.##", CultureInfo.InvariantCulture),
    };

    private string Hover(UsageColumn column)
    {
        var lines = new List<string>
        {
            UsageTexts.Column(Report.Request, column), $"In all: {AmountFormat.Text(Report.Of(column.Total.SpentE4))}",
        };
        lines.AddRange(Report.Rows.Zip(column.Rows).Where(pair => pair.Second.SpentE4 != 0).Take(UsagePlotGeometry.SeriesMax).Select(pair =>
            $"{UsageTexts.Name(Report.Request, pair.First, Report.Values)}: {AmountFormat.Text(Report.Of(pair.Second.SpentE4))}"));
        return string.Join('\n', lines);
    }
}
