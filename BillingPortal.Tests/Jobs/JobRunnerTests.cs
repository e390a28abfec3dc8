using BillingPortal.Data;
using BillingPortal.Jobs;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Jobs;

/// <summary>Every run is recorded, and no job runs twice at a time.</summary>
public sealed class JobRunnerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_run_is_recorded_with_its_counts()
    {
        var run = await Runner("counting", _ => Task.FromResult(ScheduledJob.Counts(("expired", 3), ("failed", 0))))
            .RunAsync("counting");

        Assert.True(run.Succeeded);
        Assert.Equal("counting: succeeded, 3 expired, 0 failed", run.Text);
        var recorded = Assert.Single(await RunsAsync("counting"));
        Assert.Equal(JobOutcome.Succeeded, recorded.Outcome);
        Assert.Equal(run.Text, recorded.Text);
    }

    [Fact]
    public async Task A_failure_is_recorded_and_not_thrown()
    {
        var run = await Runner("failing", _ => throw new InvalidOperationException("no luck")).RunAsync("failing");

        Assert.Equal("failing: failed (InvalidOperationException: no luck)", run.Text);
        Assert.Equal(JobOutcome.Failed, Assert.Single(await RunsAsync("failing")).Outcome);
    }

    [Fact]
    public async Task An_unknown_name_says_which_there_are()
    {
        var run = await Runner("known", _ => Task.FromResult(ScheduledJob.Counts())).RunAsync("unknown");

        Assert.False(run.Succeeded);
        Assert.Contains("there are known", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_never_run_the_same_job_at_once()
    {
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Runner("exclusive", async _ =>
        {
            begun.SetResult();
            await end.Task;
            return ScheduledJob.Counts();
        }).RunAsync("exclusive");
        await begun.Task;

        var second = await Runner("exclusive", _ => Task.FromResult(ScheduledJob.Counts())).RunAsync("exclusive");
        end.SetResult();

        Assert.Equal(JobOutcome.Skipped, second.Outcome);
        Assert.Equal(JobOutcome.Succeeded, (await first).Outcome);
    }

    [Fact]
    public async Task A_run_whose_process_ended_is_marked_by_the_next()
    {
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            unit.Db.Add(new JobRun
            {
                Id = Guid.CreateVersion7(),
                Name = "killed",
                StartedAt = postgres.Clock.GetUtcNow()
            });
            await unit.CommitAsync();
        }

        await Runner("killed", _ => Task.FromResult(ScheduledJob.Counts())).RunAsync("killed");

        Assert.Equal(
            [JobOutcome.Interrupted, JobOutcome.Succeeded], (await RunsAsync("killed")).Select(run => run.Outcome));
    }

    [Fact]
    public async Task A_stopped_run_is_recorded_as_interrupted()
    {
        using var stop = new CancellationTokenSource();
        var run = await Runner("stopped", async token =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
            return ScheduledJob.Counts();
        }).RunAsync("stopped", stop.Token);

        Assert.Equal(JobOutcome.Interrupted, run.Outcome);
        Assert.Equal(JobOutcome.Interrupted, Assert.Single(await RunsAsync("stopped")).Outcome);
    }

    private JobRunner Runner(string name, Func<CancellationToken, Task<IReadOnlyDictionary<string, long>>> run) => new(
        new Database(postgres.Connections),
            new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(),
        [new ScheduledJob(name, "0 0 * * * ?", (_, token) =>
            run(token))], postgres.Clock, NullLogger<JobRunner>.Instance);

    private async Task<List<JobRun>> RunsAsync(string name)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<JobRun>().AsNoTracking().Where(run => run.Name == name).OrderBy(run =>
            run.Id).ToListAsync();
    }
}
