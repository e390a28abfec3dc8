using BillingPortal.Data;
using BillingPortal.Jobs;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BillingPortal.Tests.Jobs;

/// <summary>The clock: in the database, for all processes, under the operator's role.</summary>
public sealed class ScheduleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public void Every_job_has_a_name_of_its_own_and_a_time_that_comes()
    {
        Assert.Equal(Schedule.Jobs.Count, Schedule.Jobs.Select(job => job.Name).Distinct().Count());
        Assert.All(Schedule.Jobs, job => Assert.NotNull(
            new Quartz.CronExpression(job.Cron).GetNextValidTimeAfter(postgres.Clock.GetUtcNow())));
    }

    [Fact]
    public async Task A_due_job_runs_by_the_clock()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Process("each-second", () => ran.TrySetResult());
        await host.StartAsync();

        await ran.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await host.StopAsync();

        await using var count = postgres.Database.Ops.CreateCommand(
            "SELECT count(*) > 0 FROM job_runs WHERE name = 'each-second'");
        Assert.Equal(true, await count.ExecuteScalarAsync());
    }

    private IHost Process(string name, Action run)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddData(postgres.Connections);
        builder.Services.AddJobs(postgres.Connections,
        [
            new ScheduledJob(name, "* * * * * ?", (_, _) =>
            {
                run();
                return Task.FromResult(ScheduledJob.Counts());
            }),
        ]);
        return builder.Build();
    }
}
