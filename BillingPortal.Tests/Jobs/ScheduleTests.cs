using BillingPortal.Data;
using BillingPortal.Jobs;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace BillingPortal.Tests.Jobs;

/// <summary>The clock: in the database, for all processes, under the operator's role.</summary>
public sealed class ScheduleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public void Every_job_has_a_name_of_its_own_and_a_time_that_comes()
    {
        Assert.Equal(Schedule.Jobs.Count, Schedule.Jobs.Select(job => job.Name).Distinct().Count());
        Assert.All(Schedule.Jobs, job => Assert.NotNull(
            new CronExpression(job.Cron).GetNextValidTimeAfter(postgres.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task A_due_job_runs_by_the_clock()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Process("each-second", "* * * * * ?", _ =>
        {
            ran.TrySetResult();
            return Task.CompletedTask;
        });
        await host.StartAsync();

        await ran.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await host.StopAsync();

        await using var count = postgres.Database.Ops.CreateCommand(
            "SELECT count(*) > 0 FROM job_runs WHERE name = 'each-second'");
        Assert.Equal(true, await count.ExecuteScalarAsync());
    }

    // A rolling restart must not cost a daily job its day.
    [Fact]
    public async Task A_run_that_a_stop_interrupted_is_begun_again_by_another_process()
    {
        const string Name = "once-a-century";
        const string Cron = "0 0 0 1 1 ? 2099";
        var (began, again) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var first = Process(Name, Cron, async stopping =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, stopping);
        });
        await first.StartAsync();
        var clock = await first.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await clock.TriggerJob(new JobKey(Name));
        await began.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await first.StopAsync();

        using var second = Process(Name, Cron, _ =>
        {
            again.SetResult();
            return Task.CompletedTask;
        });
        await second.StartAsync();
        await again.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await second.StopAsync();

        await using var runs = postgres.Database.Ops.CreateCommand(
            $"SELECT string_agg(outcome, ', ' ORDER BY id) FROM job_runs WHERE name = '{Name}'");
        Assert.Equal("interrupted, succeeded", await runs.ExecuteScalarAsync());
    }

    private IHost Process(string name, string cron, Func<CancellationToken, Task> run)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddData(postgres.Connections);
        builder.Services.AddJobs(postgres.Connections,
        [
            new ScheduledJob(name, cron, async (_, stopping) =>
            {
                await run(stopping);
                return ScheduledJob.Counts();
            }),
        ]);
        return builder.Build();
    }
}
