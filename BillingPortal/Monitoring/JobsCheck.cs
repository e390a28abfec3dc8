using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BillingPortal.Monitoring;

/// <summary>
/// Degraded while a job of the schedule is overdue: somebody has to look, but this process answers requests as well as before, so it is no
/// reason to send it none.
/// </summary>
internal sealed class JobsCheck(Watch watch) : IHealthCheck
{
    public const string Tag = "jobs";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await watch.LookAsync(cancellationToken) is not { } readings
            ? HealthCheckResult.Degraded("The runs of the jobs could not be read.")
            : readings.Jobs.Any(job => job.IsOverdue)
                ? HealthCheckResult.Degraded("A job is overdue; the metrics and the page for jobs say which.")
                : HealthCheckResult.Healthy();
}
