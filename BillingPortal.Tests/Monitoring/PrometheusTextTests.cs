using System.Diagnostics.Metrics;
using BillingPortal.Kernel;
using BillingPortal.Monitoring;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace BillingPortal.Tests.Monitoring;

/// <summary>The text that Prometheus reads, from real instruments through OpenTelemetry's SDK.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new($"test {Ids.New()}");
    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    public PrometheusTextTests() => _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name)
        .AddReader(new BaseExportingMetricReader(_exporter)).Build();

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_ends_in_total_and_is_described_once()
    {
        var counter = _meter.CreateCounter<long>("billing.things", "{thing}", "Things by\ncolour, \\ and \"more\"");
        counter.Add(2, new KeyValuePair<string, object?>("colour", "red"));
        counter.Add(3, new KeyValuePair<string, object?>("colour", "blue"));
        counter.Add(1, new KeyValuePair<string, object?>("colour", "red"));

        Assert.Equal(
            """
            # HELP billing_things_total Things by\ncolour, \\ and "more"
            # TYPE billing_things_total counter
            billing_things_total{colour="blue"} 3
            billing_things_total{colour="red"} 3

            """, Sorted(_exporter.Scrape(isOpenMetrics: false)));
    }

    // A label's value may hold anything: quotes, backslashes and ends of lines must not end it.
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("say \"hi\"", "say \\\"hi\\\"")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("two\nlines", "two\\nlines")]
    [InlineData("} 1\nevil{", "} 1\\nevil{")]
    [InlineData("Grüße 🙂", "Grüße 🙂")]
    [InlineData("", "")]
    public void A_labels_value_is_escaped(string value, string expected)
    {
        _meter.CreateCounter<long>("c").Add(1, new KeyValuePair<string, object?>("v", value));

        Assert.Contains($"c_total{{v=\"{expected}\"}} 1\n", _exporter.Scrape(isOpenMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_become_labels_and_those_that_meet_share_one()
    {
        _meter.CreateCounter<long>("c").Add(
            1, new KeyValuePair<string, object?>("http.route", "/a"), new("http-route", "/b"), new("1st", true), new("n", 1.5));

        Assert.Contains(
            "c_total{_1st=\"true\",http_route=\"/b;/a\",n=\"1.5\"} 1\n", _exporter.Scrape(isOpenMetrics: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds")]
    [InlineData("dotnet.gc.heap.size", "By", "dotnet_gc_heap_size_bytes")]
    [InlineData("cache.hits", "1", "cache_hits_ratio")]
    [InlineData("age_seconds", "s", "age_seconds")]
    [InlineData("9 lives", "{life}", "_9_lives")]
    [InlineData("a..b//c", null, "a_b_c")]
    public void Names_and_units_become_a_family(string name, string? unit, string family) =>
        Assert.Equal(family, PrometheusNames.Of(name, unit, PrometheusKind.Gauge).Family);

    [Fact]
    public void A_histogram_has_running_buckets_a_sum_and_a_count()
    {
        var histogram = _meter.CreateHistogram(
            "took", "s", "How long", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var seconds in new[] { 0.05, 0.5, 0.5, 7 })
        {
            histogram.Record(seconds, new KeyValuePair<string, object?>("what", "it"));
        }

        Assert.Equal(
            """
            # HELP took_seconds How long
            # TYPE took_seconds histogram
            took_seconds_bucket{what="it",le="0.1"} 1
            took_seconds_bucket{what="it",le="1"} 3
            took_seconds_bucket{what="it",le="+Inf"} 4
            took_seconds_sum{what="it"} 8.05
            took_seconds_count{what="it"} 4

            """, _exporter.Scrape(isOpenMetrics: false));
    }

    [Fact]
    public void Up_down_counters_and_gauges_are_gauges_and_may_be_anything()
    {
        _meter.CreateUpDownCounter<long>("open").Add(-2);
        _meter.CreateObservableGauge("heat", () => double.NegativeInfinity);
        var text = _exporter.Scrape(isOpenMetrics: false);

        Assert.Contains("# TYPE open gauge\nopen -2\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE heat gauge\nheat -Inf\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_metrics_names_families_without_total_and_has_units_and_an_end()
    {
        _meter.CreateCounter<double>("spent", "s", "Time \"spent\"").Add(1.5);
        _meter.CreateHistogram("h", null, null, tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = [5] }).Record(1);
        var text = _exporter.Scrape(isOpenMetrics: true);

        Assert.Contains(
            """
            # HELP spent_seconds Time \"spent\"
            # TYPE spent_seconds counter
            # UNIT spent_seconds seconds
            spent_seconds_total 1.5

            """, text, StringComparison.Ordinal);
        Assert.Contains("h_bucket{le=\"5.0\"} 1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    // Series come in the order in which they were first seen, which the SDK does not promise.
    private static string Sorted(string text) => string.Join('\n', text.Split('\n')[..2].Concat(
        text.Split('\n')[2..^1].Order(StringComparer.Ordinal)).Append(""));
}
