using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>Draws messages per day as SVG, without script: the same picture before and after the circuit is up.</summary>
public sealed partial class SmsDayPlot : ComponentBase
{
    private SmsPlotGeometry _plot = null!;

    [Parameter, EditorRequired]
    public required IReadOnlyList<SmsDay> Days { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public int Width { get; set; } = 960;

    [Parameter]
    public int Labels { get; set; } = 7;

    [Parameter]
    public string Class { get; set; } = "";

    protected override void OnParametersSet() => _plot = new SmsPlotGeometry(Days, Width);

    private static IEnumerable<(string Style, long Messages)> Parts(SmsSums sums) =>
        new[] { ("sms-delivered", sums.Delivered), ("sms-moving", sums.OnTheWay), ("sms-failed", sums.Failed) }
            .Where(part => part.Item2 > 0);

    private static string Axis(long messages) => messages >= 100_000
        ? (messages / 1000m).ToString("#,0.#k", CultureInfo.InvariantCulture)
        : SmsText.Number(messages);

    private string Hover(SmsDay day)
    {
        var isWeek = _plot.Columns.Count < Days.Count;
        var name = day.Day.ToString("dddd d MMMM", CultureInfo.InvariantCulture);
        return string.Join('\n', new[]
        {
            isWeek ? $"Week from {name}" : name,
            $"Sent: {SmsText.Number(day.Sums.Sent)}",
            day.Sums.Sent > 0 ? $"Delivered: {SmsText.Number(day.Sums.Delivered)}" : null,
            day.Sums.OnTheWay > 0 ? $"On the way, or no report: {SmsText.Number(day.Sums.OnTheWay)}" : null,
            day.Sums.Failed > 0 ? $"Did not arrive: {SmsText.Number(day.Sums.Failed)}" : null,
            $"Received: {SmsText.Number(day.Sums.Received)}",
        }.Where(line => line is not null));
    }
}
