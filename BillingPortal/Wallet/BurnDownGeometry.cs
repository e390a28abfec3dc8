using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Wallet;

/// <summary>
/// Turns a <see cref="BurnDown"/> into coordinates: above, the balance with its forecast; below, daily use stacked by
/// service; both on one time axis. Pure arithmetic in drawing units.
/// </summary>
internal sealed class BurnDownGeometry
{
    public const int Height = 336;
    public const int BalanceTop = 34;
    public const int BalanceBottom = 188;
    public const int UseTop = 236;
    public const int UseBottom = 306;
    public const int Left = 50;
    private const int Right = 10;
    private const int ForecastDaysMax = 14;
    private static readonly int[] NiceSteps = [1, 2, 3, 4, 5, 6, 8, 10];
    private readonly BurnDown _data;
    private readonly double _slot;
    private readonly List<(double Days, long E4)> _path = [];
    private readonly List<(double Days, long E4, Renewal Renewal)> _steps = [];

    public BurnDownGeometry(BurnDown data, int width, DateTimeOffset now)
    {
        _data = data;
        Width = width;
        DaysToRecharge = DaysFrom(now, data.Forecast?.RechargeAt);
        var end = DaysToRecharge ?? DaysFrom(now, data.Forecast?.LastsUntil);
        ForecastDays = data.Forecast is null ? 0
            : (int)Math.Min(ForecastDaysMax, Math.Ceiling(end ?? ForecastDaysMax) + 1);
        _slot = (double)(width - Left - Right) / (data.Days.Count + ForecastDays);
        BalanceMax = Nice(data.Days.Select(day => day.EndBalance.E4).Append(data.Threshold?.E4 ?? 0).Max());
        UseMax = Nice(data.Days.Max(day => day.UsedByService.Values.Sum(use => Math.Max(0, use.E4))));
        if (data.Forecast is { } forecast)
        {
            Foresee(forecast, now);
        }
    }

    public int Width { get; }

    public long BalanceMax { get; }

    public long UseMax { get; }

    /// <summary>Days drawn beyond today.</summary>
    public int ForecastDays { get; }

    /// <summary>From now, or null when no recharge is foreseen.</summary>
    public double? DaysToRecharge { get; }

    public double ColumnWidth => Math.Max(2, _slot * 0.72);

    public double PlotRight => Width - Right;

    public double Centre(int day) => Left + ((day + 0.5) * _slot);

    public double ColumnLeft(int day) => Centre(day) - (ColumnWidth / 2);

    public double SlotLeft(int day) => Left + (day * _slot);

    public double SlotWidth => _slot;

    public double BalanceY(long e4) =>
        BalanceBottom - ((BalanceBottom - BalanceTop) * (double)Math.Clamp(e4, 0, BalanceMax) / BalanceMax);

    public double UseHeight(long e4) => (UseBottom - UseTop) * (double)Math.Clamp(e4, 0, UseMax) / UseMax;

    /// <summary>The days' closing balances as an SVG path.</summary>
    public string BalanceLine() => string.Concat(_data.Days.Select((day, index) =>
        Step(index == 0 ? 'M' : 'L', Centre(index), BalanceY(day.EndBalance.E4))));

    public string BalanceArea() =>
        BalanceLine() + Step('L', Centre(_data.Days.Count - 1), BalanceBottom)
        + Step('L', Centre(0), BalanceBottom) + "Z";

    /// <summary>
    /// From today's available amount down at the usual pace, with a step at each renewal, to the threshold or to nothing.
    /// Empty without a forecast.
    /// </summary>
    public string ForecastLine() => string.Concat(
        _path.Select((point, index) => Step(index == 0 ? 'M' : 'L', XOf(point.Days), BalanceY(point.E4))));

    /// <summary>Where renewals are drawn: at the foot of their step.</summary>
    public IEnumerable<(double X, double Y, Renewal Renewal)> RenewalMarks() =>
        from step in _steps select (XOf(step.Days), BalanceY(step.E4), step.Renewal);

    /// <summary>Where the next recharge is drawn; null when it lies outside the picture.</summary>
    public (double X, double Y)? RechargeMark() =>
        DaysToRecharge is { } days && days <= ForecastDays && _data.Threshold is { } threshold
            ? (XOf(days), BalanceY(threshold.E4))
            : null;

    /// <summary>Days that get a date under the axis: today, and back from it in even steps.</summary>
    public IEnumerable<int> LabelledDays(int every)
    {
        for (var day = _data.Days.Count - 1; day >= 0; day -= every)
        {
            yield return day;
        }
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private double XOf(double days) => Centre(_data.Days.Count - 1) + (days * _slot);

    // Days from now and what is left then: two points one below the other where numbers renew.
    private void Foresee(Forecast forecast, DateTimeOffset now)
    {
        var end = Math.Min(ForecastDays, DaysToRecharge ?? DaysFrom(now, forecast.LastsUntil) ?? ForecastDays);
        var (left, since) = ((double)forecast.Available.E4, 0.0);
        _path.Add((0, forecast.Available.E4));
        foreach (var renewal in forecast.Renewals)
        {
            if (DaysFrom(now, renewal.At) is not { } days || days > end)
            {
                break;
            }

            left -= (days - since) * forecast.DailyPace.E4;
            _path.Add((days, (long)left));
            left -= renewal.Amount.E4;
            _path.Add((days, (long)left));
            _steps.Add((days, (long)left, renewal));
            since = days;
        }

        if (end > since)
        {
            _path.Add((end, (long)(left - ((end - since) * forecast.DailyPace.E4))));
        }
    }

    private static double? DaysFrom(DateTimeOffset now, DateTimeOffset? at) =>
        at is { } when ? Math.Max(0, (when - now).TotalDays) : null;

    private static string Step(char command, double x, double y) => $"{command}{Number(x)} {Number(y)}";

    // The next round number, so that the axis reads 0, 500, 1,000 and never 0, 437, 874.
    private static long Nice(long e4)
    {
        if (e4 <= 0)
        {
            return 10 * Amount.Scale;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(e4)));
        var step = NiceSteps.First(factor => factor * power >= e4);
        return (long)(step * power);
    }
}
