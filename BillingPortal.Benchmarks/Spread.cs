using System.Diagnostics;

namespace BillingPortal.Benchmarks;

/// <summary>What several rounds or many calls gave, as the tables say it.</summary>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public int Count => _sorted.Length;

    public double Median => At(0.5);

    /// <summary>From ticks of <see cref="Stopwatch"/>, in milliseconds.</summary>
    public static Spread OfTicks(IEnumerable<long> ticks) => new(ticks.Select(tick => tick * 1_000.0 / Stopwatch.Frequency));

    public double At(double share) => _sorted.Length == 0 ? 0 : _sorted[(int)Math.Ceiling((_sorted.Length - 1) * share)];

    /// <summary>Median and range: <c>12.3 (11.0–15.8)</c>.</summary>
    public string ToText(string format = "N0") =>
        $"{Median.ToString(format, null)} ({At(0).ToString(format, null)}–{At(1).ToString(format, null)})";
}
