using Quartz;

namespace BillingPortal.Jobs;

/// <summary>
/// The bridge from Quartz's clock to <see cref="JobRunner"/>; the job's name is the Quartz job's name. A run that the process's stop
/// interrupted is handed back, for another process to begin again.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class ClockedJob(JobRunner runner) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var run = await runner.RunAsync(context.JobDetail.Key.Name, cancellationToken);
        if (run.Outcome is JobOutcome.Interrupted)
        {
            throw new OperationCanceledException(run.Error, cancellationToken);
        }
    }
}
