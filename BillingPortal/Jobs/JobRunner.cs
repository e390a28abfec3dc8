using System.Diagnostics.Metrics;
using System.Text.Json;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Jobs;

/// <summary>
/// Runs a job by name and records the run. Never two runs of one job at a time, in any process: the clock's, a person's
/// and the command line's exclude each other.
/// </summary>
public sealed partial class JobRunner(
    Database database, IServiceScopeFactory scopes, IReadOnlyList<ScheduledJob> jobs, TimeProvider time,
    ILogger<JobRunner> logger)
{
    private const int RunsKept = 2000;

    private static readonly Counter<long> Runs = Telemetry.Meter.CreateCounter<long>(
        "billing.jobs.runs", "{run}", "Runs of scheduled jobs by name and outcome");

    private static readonly Counter<long> Items = Telemetry.Meter.CreateCounter<long>(
        "billing.jobs.items", "{item}", "What the jobs' runs counted, in their own words");

    public IReadOnlyList<ScheduledJob> Jobs => jobs;

    internal static void Zero(IEnumerable<ScheduledJob> jobs)
    {
        foreach (var job in jobs)
        {
            Runs.Add(0, new KeyValuePair<string, object?>("job.name", job.Name), new("outcome", "failed"));
            Items.Add(0, new KeyValuePair<string, object?>("job.name", job.Name), new("item", "failed"));
        }
    }

    /// <summary>The recorded run. An unknown name is a failed run that names the jobs there are.</summary>
    public async Task<JobRun> RunAsync(string name, CancellationToken cancellationToken = default)
    {
        var run = new JobRun { Id = Ids.New(), Name = name, StartedAt = time.GetUtcNow() };
        if (jobs.FirstOrDefault(known => known.Name == name) is not { } job)
        {
            var names = string.Join(", ", jobs.Select(known => known.Name));
            return End(run, JobOutcome.Failed, error: $"there is no such job; there are {names}");
        }

        await using var connection = await database.Ops.OpenConnectionAsync(cancellationToken);
        if (!await LockAsync(connection, name, cancellationToken))
        {
            End(run, JobOutcome.Skipped, error: "another run is under way");
            await SaveAsync(run, isNew: true, cancellationToken);
            return run;
        }

        try
        {
            await InterruptOthersAsync(name, cancellationToken);
            await SaveAsync(run, isNew: true, cancellationToken);
            await RunAsync(job, run, cancellationToken);
        }
        finally
        {
            await UnlockAsync(connection, name);
        }

        return run;
    }

    private async Task RunAsync(ScheduledJob job, JobRun run, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Begin($"job {job.Name}");
        span?.SetTag("job.name", job.Name).SetTag("job.run.id", run.Id.ToString());
        using var ids = logger.With(("Job", job.Name), ("JobRunId", run.Id));
        var faults = RunFaults.Listen();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var counts = await job.Run(scope.ServiceProvider, cancellationToken);
            run.Counts = JsonSerializer.Serialize(counts);
            Count(job, counts);
            End(run, JobOutcome.Succeeded);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            End(run, JobOutcome.Interrupted, "the process stopped");
        }
        catch (Exception exception)
        {
            End(run, JobOutcome.Failed, Faults.Describe(exception));
            span.Fail(exception);
            LogFailed(logger, job.Name, exception);
        }

        run.Faults = JsonSerializer.Serialize(faults);
        LogRan(logger, run.Text);
        await SaveAsync(run, isNew: false, CancellationToken.None);
    }

    private JobRun End(JobRun run, JobOutcome outcome, string? error = null)
    {
        (run.Outcome, run.Error, run.FinishedAt) = (outcome, error, time.GetUtcNow());
        Runs.Add(1, new KeyValuePair<string, object?>("job.name", run.Name), new("outcome", TextCodes.Of(outcome)));
        return run;
    }

    private static void Count(ScheduledJob job, IReadOnlyDictionary<string, long> counts)
    {
        foreach (var (item, count) in counts.Where(pair => pair.Value > 0))
        {
            Items.Add(count, new KeyValuePair<string, object?>("job.name", job.Name), new("item", item));
        }
    }

    // Whoever holds the lock knows that no other run of this job is alive.
    private async Task InterruptOthersAsync(string name, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var now = time.GetUtcNow();
        await unit.Db.Set<JobRun>().Where(run => run.Name == name && run.Outcome == JobOutcome.Running)
            .ExecuteUpdateAsync(
                set => set.SetProperty(run => run.Outcome, JobOutcome.Interrupted).SetProperty(run =>
                    run.FinishedAt, now)
                    .SetProperty(run => run.Error, "the process ended during the run"),
                cancellationToken);
        await unit.Db.Set<JobRun>()
            .Where(run => unit.Db.Set<JobRun>().Where(known => known.Name == name)
                .OrderByDescending(known => known.Id).Skip(RunsKept).Select(known => known.Id).Contains(run.Id))
            .ExecuteDeleteAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    private async Task SaveAsync(JobRun run, bool isNew, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        unit.Db.Entry(run).State = isNew ? EntityState.Added : EntityState.Modified;
        await unit.CommitAsync(cancellationToken);
    }

    private static async Task<bool> LockAsync(
        NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('job'), hashtext($1))",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection, string name)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock(hashtext('job'), hashtext($1))",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await command.ExecuteScalarAsync(CancellationToken.None);
    }

    [LoggerMessage(LogLevel.Information, "Job {Run}")]
    private static partial void LogRan(ILogger logger, string run);

    [LoggerMessage(LogLevel.Error, "Job {Name} failed")]
    private static partial void LogFailed(ILogger logger, string name, Exception exception);
}
