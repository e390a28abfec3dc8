using System.Text;
using BillingPortal.Tenants;
using BillingPortal.Web;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace BillingPortal.Monitoring;

/// <summary>What machines ask: figures for Prometheus, and whether the schedule is kept.</summary>
internal static class MonitoringEndpoints
{
    public static WebApplication MapMonitoring(this WebApplication app)
    {
        app.MapGet("/metrics", MetricsAsync).RequireAuthorization(Policies.Metrics).DisableHttpMetrics().ExcludeFromDescription();
        app.MapHealthChecks("/health/jobs", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(JobsCheck.Tag),
            ResponseWriter = HealthAnswer.WriteAsync,
        }).AllowAnonymous().DisableHttpMetrics();
        return app;
    }

    private static async Task<IResult> MetricsAsync(HttpRequest request, Scraper scraper, CancellationToken cancellationToken)
    {
        var isOpenMetrics = request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        var text = await scraper.ScrapeAsync(isOpenMetrics, cancellationToken);
        return Results.Text(text, isOpenMetrics ? PrometheusText.OpenMetricsType : PrometheusText.PlainType, Encoding.UTF8);
    }
}
