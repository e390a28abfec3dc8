using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BillingPortal.Web;

/// <summary>
/// A health check's answer: the whole state and each check's, in words that tell a stranger nothing about versions, addresses or faults.
/// Why a check fails stands in the log.
/// </summary>
internal static class HealthAnswer
{
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = Word(report.Status),
            checks = report.Entries.OrderBy(check => check.Key, StringComparer.Ordinal)
                .ToDictionary(check => check.Key, check => Word(check.Value.Status)),
        },
        context.RequestAborted);

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        HealthStatus.Unhealthy => "unhealthy",
    };
}
