using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace BillingPortal.Monitoring;

/// <summary>
/// Turns what OpenTelemetry's SDK has added up into one scrape. Own code, because the official exporter for ASP.NET Core has only ever
/// been a preview and is in no feed that this house builds from.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private PrometheusText _text = new(isOpenMetrics: false);

    /// <summary>Set by the reader.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Not for two at a time.</summary>
    public string Scrape(bool isOpenMetrics)
    {
        _text = new PrometheusText(isOpenMetrics);
        Collect?.Invoke(Timeout.Infinite);
        return _text.End();
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var metrics = new List<Metric>();
        foreach (var metric in batch)
        {
            metrics.Add(metric);
        }

        var families = from metric in metrics
                       let kind = KindOf(metric.MetricType)
                       where kind is not null
                       let name = PrometheusNames.Of(metric.Name, metric.Unit, kind.Value)
                       group (Metric: metric, name.Unit, Kind: kind.Value) by name.Family into family
                       orderby family.Key
                       select family;
        foreach (var family in families)
        {
            // Two meters may have an instrument of one name; of two kinds the first one counts.
            var (first, unit, kind) = family.First();
            _text.Describe(family.Key, kind, unit, first.Description);
            foreach (var (metric, _, _) in family.Where(one => one.Kind == kind))
            {
                Write(family.Key, kind, metric);
            }
        }

        return ExportResult.Success;
    }

    private void Write(string family, PrometheusKind kind, Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = PrometheusText.Labels(TagsOf(point));
            switch (kind)
            {
                case PrometheusKind.Histogram:
                    _text.Histogram(family, labels, BucketsOf(point), point.GetHistogramSum());
                    break;
                default:
                    _text.Sample(kind is PrometheusKind.Counter ? family + "_total" : family, labels, ValueOf(metric.MetricType, point));
                    break;
            }
        }
    }

    private static List<KeyValuePair<string, object?>> TagsOf(in MetricPoint point)
    {
        var tags = new List<KeyValuePair<string, object?>>();
        foreach (var tag in point.Tags)
        {
            tags.Add(tag);
        }

        return tags;
    }

    private static List<(double Bound, long Count)> BucketsOf(in MetricPoint point)
    {
        var buckets = new List<(double, long)>();
        foreach (var bucket in point.GetHistogramBuckets())
        {
            buckets.Add((bucket.ExplicitBound, bucket.BucketCount));
        }

        return buckets;
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static PrometheusKind? KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusKind.Counter,
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic or MetricType.LongGauge or MetricType.DoubleGauge =>
            PrometheusKind.Gauge,
        MetricType.Histogram => PrometheusKind.Histogram,
        _ => null, // exponential histograms: nobody asks for one
    };
}
