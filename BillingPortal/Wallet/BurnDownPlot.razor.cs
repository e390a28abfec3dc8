using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Wallet;

/// <summary>Draws a burn-down as SVG, without script: the same picture before and after the circuit is up.</summary>
public sealed partial class BurnDownPlot : ComponentBase
{
    private BurnDownGeometry _plot = null!;

    [Parameter, EditorRequired]
    public required BurnDown Data { get; set; }

    [Parameter, EditorRequired]
    public required DateTimeOffset Now { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public int Width { get; set; } = 960;

    [Parameter]
    public int LabelEvery { get; set; } = 5;

    [Parameter]
    public string Class { get; set; } = "";

    protected override void OnParametersSet() => _plot = new BurnDownGeometry(Data, Width, Now);

    private string DayLabel(int day) => Data.Days[day].Day.ToString("d MMM", CultureInfo.InvariantCulture);

    // Whole units on an axis; a wallet of a few dollars needs its cents.
    private string Axis(long e4) => new Amount(e4, Data.Unit) switch
    {
        { Unit: Unit.Usd } usd => usd.ToDecimal().ToString(e4 % Amount.Scale == 0 ? "$#,0" : "$#,0.00",
        CultureInfo.InvariantCulture),
        var credits => credits.ToDecimal() is >= 100_000 and var many
            ? (many / 1000).ToString("#,0.#k", CultureInfo.InvariantCulture)
            : credits.ToDecimal().ToString("#,0.##", CultureInfo.InvariantCulture),
    };

    private string Hover(DayOfUse day)
    {
        var lines = new List<string>
        {
            day.Day.ToString("dddd d MMMM", CultureInfo.InvariantCulture),
            $"Balance at the end of the day: {AmountFormat.Text(day.EndBalance)}",
        };
        lines.AddRange(Data.Services.Where(service => !day.UsedOf(service).IsZero)
            .Select(service => $"{ServiceNames.Of(service)}: {AmountFormat.Text(day.UsedOf(service))}"));
        if (day.ToppedUp.IsPositive)
        {
            lines.Add($"Topped up: {AmountFormat.Text(day.ToppedUp)}");
        }

        return string.Join('\n', lines);
    }

    private static string Hover(Renewal renewal) => $"{WalletText.Renewal(renewal)} on {WalletText.Day(renewal.At)}";

    // A small diamond at the foot of the step.
    private static string RenewalMark(double x, double y) =>
        $"M{Number(x)} {Number(y - 6)}L{Number(x + 5)} {Number(y)}L{Number(x)} {Number(y + 6)}L{Number(x - 5)} {Number(y)}Z";

    // A small upward triangle on the balance line of a day on which credits came in.
    private string TopUpMark(int day)
    {
        var (x, y) = (_plot.Centre(day), _plot.BalanceY(Data.Days[day].EndBalance.E4));
        return $"M{Number(x)} {Number(y - 6)}L{Number(x + 5)} {Number(y + 3)}L{Number(x - 5)} {Number(y + 3)}Z";
    }

    private static string Number(double value) => BurnDownGeometry.Number(value);
}
