using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Tenants;

namespace BillingPortal.Jobs.Monitor;

/// <summary>What became of the wish to run a job at once.</summary>
public enum JobStartOutcome
{
    Started,
    UnknownJob,

    /// <summary>Only a lead may.</summary>
    NotAllowed,

    /// <summary>Another run has the job's lock.</summary>
    UnderWay,
}

/// <summary>The outcome, and the run's end where it was started.</summary>
public sealed record JobStart(JobStartOutcome Outcome, Task<JobRun>? Run = null);

/// <summary>
/// Starts a job by hand, with a line in the audit log. The run goes on when whoever started it has left, until the process stops;
/// that no two run at once is the runner's own lock.
/// </summary>
public sealed partial class JobStarter(
    JobRunner runner, JobMonitor monitor, Database database, TenantReader tenants, AuditLog audit, IHostApplicationLifetime lifetime,
    ILogger<JobStarter> logger)
{
    /// <param name="userId">Whose role is asked of the database: a session may be a minute behind.</param>
    public async Task<JobStart> StartAsync(
        string name, Guid userId, Actor actor, CancellationToken cancellationToken = default)
    {
        if (await monitor.FindAsync(name, cancellationToken) is not { } status)
        {
            return new JobStart(JobStartOutcome.UnknownJob);
        }

        if (await tenants.StaffRoleAsync(userId, cancellationToken) is not StaffRole.Lead)
        {
            return new JobStart(JobStartOutcome.NotAllowed);
        }

        if (status.IsUnderWay)
        {
            return new JobStart(JobStartOutcome.UnderWay);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        audit.Record(unit, new AuditRecord(
            TenantId: null, actor, "job.run", "job", name, $"Started the job {name} by hand",
            Before: null, new { LastRun = status.Last?.Outcome, LastSuccess = status.LastSuccessAt }));
        await unit.CommitAsync(cancellationToken);
        return new JobStart(JobStartOutcome.Started, Task.Run(() => RunAsync(name), CancellationToken.None));
    }

    // Whoever watches may have gone: what the runner cannot record itself is at least logged.
    private async Task<JobRun> RunAsync(string name)
    {
        try
        {
            return await runner.RunAsync(name, lifetime.ApplicationStopping);
        }
        catch (Exception exception)
        {
            LogNotRun(logger, name, exception);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "The job {Name}, started by hand, could not be run")]
    private static partial void LogNotRun(ILogger logger, string name, Exception exception);
}
