using System.Text;

namespace BillingPortal.Monitoring;

/// <summary>
/// What OpenTelemetry's names are in Prometheus (opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics): units become
/// suffixes, counters end in <c>_total</c>, everything else that Prometheus does not know becomes an underscore.
/// </summary>
internal static class PrometheusNames
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["min"] = "minutes",
        ["h"] = "hours",
        ["d"] = "days",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["%"] = "percent",
    };

    /// <summary>The family's name, without a counter's <c>_total</c>, and its unit.</summary>
    public static (string Family, string? Unit) Of(string name, string? unit, PrometheusKind kind)
    {
        var family = Clean(name, isLabel: false);
        family = kind is PrometheusKind.Counter && family.EndsWith("_total", StringComparison.Ordinal) ? family[..^6] : family;
        var word = unit switch
        {
            null or "" or ['{', ..] => null, // an annotation such as {posting} says what is counted
            "1" => kind is PrometheusKind.Gauge ? "ratio" : null,
            _ => Units.TryGetValue(unit, out var known) ? known : Clean(unit, isLabel: false),
        };
        return word is null || family.EndsWith("_" + word, StringComparison.Ordinal) ? (family, word) : ($"{family}_{word}", word);
    }

    public static string Label(string key) => Clean(key, isLabel: true);

    private static string Clean(string text, bool isLabel)
    {
        var clean = new StringBuilder(text.Length + 1);
        foreach (var letter in text)
        {
            var fits = char.IsAsciiLetterOrDigit(letter) || (letter == ':' && !isLabel);
            if (fits || clean.Length == 0 || clean[^1] != '_')
            {
                clean.Append(fits ? letter : '_');
            }
        }

        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean.ToString();
    }
}

/// <summary>The kinds of metrics that Prometheus knows and this portal has.</summary>
internal enum PrometheusKind
{
    Counter = 1,
    Gauge,
    Histogram,
}
