using OpenTelemetry.Metrics;

namespace BillingPortal.Monitoring;

/// <summary>
/// Answers scrapes of <c>/metrics</c>, one after the other; they never wait for the database for long and never fail with it.
/// </summary>
internal sealed class Scraper : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly PrometheusExporter _exporter = new();
    private readonly Watch _watch;

    public Scraper(Watch watch)
    {
        _watch = watch;
        Reader = new BaseExportingMetricReader(_exporter);
    }

    /// <summary>Goes into the meter provider, which disposes it.</summary>
    public MetricReader Reader { get; }

    public async Task<string> ScrapeAsync(bool isOpenMetrics, CancellationToken cancellationToken)
    {
        await _watch.LookAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _exporter.Scrape(isOpenMetrics);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
