using System.Globalization;
using System.Text;

namespace BillingPortal.Monitoring;

/// <summary>
/// Writes one scrape: Prometheus' text format 0.0.4 or OpenMetrics 1.0. It knows nothing of meters; families are described once, then
/// follow their samples.
/// </summary>
internal sealed class PrometheusText(bool isOpenMetrics)
{
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder _text = new();

    public void Describe(string family, PrometheusKind kind, string? unit, string help)
    {
        var name = isOpenMetrics || kind is not PrometheusKind.Counter ? family : family + "_total";
        if (help.Length > 0)
        {
            _text.Append("# HELP ").Append(name).Append(' ').Append(Escaped(help, isOpenMetrics)).Append('\n');
        }

        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            PrometheusKind.Counter => "counter",
            PrometheusKind.Gauge => "gauge",
            PrometheusKind.Histogram => "histogram",
        }).Append('\n');
        if (isOpenMetrics && unit is not null)
        {
            _text.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
        }
    }

    public void Sample(string name, string labels, double value) =>
        _text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(Number(value)).Append('\n');

    /// <param name="buckets">Upper bounds with their own counts, the last one infinity; written as running sums.</param>
    public void Histogram(string family, string labels, IEnumerable<(double Bound, long Count)> buckets, double sum)
    {
        var count = 0L;
        foreach (var (bound, own) in buckets)
        {
            count += own;
            Sample(family + "_bucket", Joined(labels, $"le=\"{Bound(bound)}\""), count);
        }

        Sample(family + "_sum", labels, sum);
        Sample(family + "_count", labels, count);
    }

    public string End() => _text.Append(isOpenMetrics ? "# EOF\n" : "").ToString();

    /// <summary>Keys that become the same label are one label with both values, as the specification wants.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(',',
        from tag in tags
        group Text(tag.Value) by PrometheusNames.Label(tag.Key) into label
        orderby label.Key
        select $"{label.Key}=\"{Escaped(string.Join(';', label), withQuotes: true)}\"");

    private static string Joined(string labels, string last) => labels.Length == 0 ? last : $"{labels},{last}";

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Escaped(string text, bool withQuotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return withQuotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    // OpenMetrics: bounds are written as floating-point numbers.
    private string Bound(double bound) =>
        isOpenMetrics && double.IsInteger(bound) ? bound.ToString("0.0", CultureInfo.InvariantCulture) : Number(bound);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
