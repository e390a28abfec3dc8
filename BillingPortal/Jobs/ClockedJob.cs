using Quartz;

namespace BillingPortal.Jobs;

/// <summary>
/// The bridge from Quartz's clock to <see cref="JobRunner"/>; the job's name is the Quartz job's name.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ClockedJob(JobRunner runner, IHostApplicationLifetime lifetime) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime.ApplicationStopping);
        await runner.RunAsync(context.JobDetail.Key.Name, either.Token);
    }
}
