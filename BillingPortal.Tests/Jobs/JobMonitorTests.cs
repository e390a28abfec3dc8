using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Jobs;
using BillingPortal.Jobs.Monitor;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Jobs;

/// <summary>What staff sees of the schedule, and who starts a job by hand. Tests keep apart by the job's name.</summary>
public sealed class JobMonitorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Lena = new(ActorKind.Staff, Ids.New(), "Lena Hoff (support lead)");

    [Fact]
    public async Task A_job_tells_its_last_run_its_last_success_and_what_it_usually_takes()
    {
        await AddAsync("told", JobOutcome.Succeeded, minutesAgo: 50, seconds: 4);
        await AddAsync("told", JobOutcome.Succeeded, minutesAgo: 40, seconds: 2);
        await AddAsync("told", JobOutcome.Succeeded, minutesAgo: 30, seconds: 60);
        await AddAsync("told", JobOutcome.Failed, minutesAgo: 20, seconds: 1, error: "no luck");
        await AddAsync("told", JobOutcome.Skipped, minutesAgo: 10, seconds: 0);

        var status = (await Monitor(Job("told")).FindAsync("told"))!;

        Assert.Equal((JobOutcome.Failed, "no luck"), (status.Last!.Outcome, status.Last.Error));
        Assert.Equal(4, status.Usual!.Value.TotalSeconds);
        Assert.Equal(postgres.Clock.GetUtcNow().AddMinutes(-30).AddSeconds(60), status.LastSuccessAt);
        Assert.False(status.IsUnderWay);
        Assert.Null(status.Backlog);
        Assert.Null(await Monitor(Job("told")).FindAsync("unknown"));
    }

    [Fact]
    public async Task A_job_without_a_run_has_none_and_is_not_overdue()
    {
        var status = (await Monitor(Job("new")).FindAsync("new"))!;

        Assert.Equal((null, null, null), (status.Last, status.LastSuccessAt, status.Usual));
        Assert.False(status.IsOverdue(postgres.Clock.GetUtcNow()));
        Assert.Equal("Never ran", JobWords.State(status).Text);
    }

    // Daily at 02:00: run at 02:00 of the 20th, so the next is due at 02:00 of the 21st.
    [Theory]
    [InlineData("2026-11-20T23:59:00Z", false)]
    [InlineData("2026-11-21T02:04:00Z", false)]
    [InlineData("2026-11-21T02:06:00Z", true)]
    public void A_job_is_overdue_when_its_time_went_by_without_a_run(string now, bool isOverdue)
    {
        var run = new JobRun
        {
            Id = Guid.CreateVersion7(DateTimeOffset.Parse("2026-11-20T02:00:01Z", System.Globalization.CultureInfo.InvariantCulture)),
            Name = "daily",
            Outcome = JobOutcome.Succeeded,
            StartedAt = postgres.Clock.GetUtcNow(), // the sandbox's clock may say anything
        };
        var status = new JobStatus(Job("daily", "0 0 2 * * ?"), run, null, null, IsUnderWay: false, null);
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(isOverdue, status.IsOverdue(at));
        Assert.False((status with { IsUnderWay = true }).IsOverdue(at));
        Assert.Equal(2, status.NextAt(at)!.Value.Hour);
    }

    [Fact]
    public async Task History_runs_newest_first_page_by_page()
    {
        foreach (var index in Enumerable.Range(0, 120))
        {
            await AddAsync("paged", index % 10 == 0 ? JobOutcome.Failed : JobOutcome.Succeeded, minutesAgo: 200 - index, seconds: 1);
        }

        var monitor = Monitor(Job("paged"));
        var seen = new List<JobRun>();
        for (Guid? before = null; ;)
        {
            var page = await monitor.HistoryAsync("paged", before: before);
            seen.AddRange(page.Runs);
            if (page.Next is null)
            {
                break;
            }

            before = page.Next;
        }

        Assert.Equal(120, seen.Select(run => run.Id).Distinct().Count());
        Assert.Equal(seen.Select(run => run.StartedAt).OrderDescending(), seen.Select(run => run.StartedAt));
        Assert.Equal(12, (await monitor.HistoryAsync("paged", JobOutcome.Failed)).Runs.Count);
    }

    [Fact]
    public async Task What_a_sweep_could_not_do_for_single_tenants_stands_with_its_run()
    {
        var (tenant, other) = (Ids.New(), Ids.New());
        var job = new ScheduledJob("noting", "0 0 * * * ?", async (_, _) =>
        {
            await Parallel.ForEachAsync([tenant, other], (one, _) =>
            {
                RunFaults.Note(one, "statement of October", new InvalidOperationException("no luck"));
                return ValueTask.CompletedTask;
            });
            return ScheduledJob.Counts(("failed", 2));
        });

        await Runner(job).RunAsync("noting");
        RunFaults.Note(tenant, "nobody listens here", new InvalidOperationException("lost"));
        await Runner(Job("calm")).RunAsync("calm");

        var run = Assert.Single((await Monitor(job).HistoryAsync("noting")).Runs);
        Assert.Equal(new[] { tenant, other }.Order(), JobWords.Faults(run).Select(fault => fault.TenantId).Order());
        Assert.All(JobWords.Faults(run), fault => Assert.Equal(
            ("statement of October", "InvalidOperationException: no luck"), (fault.About, fault.Error)));
        Assert.Empty(JobWords.Faults(Assert.Single((await Monitor(job).HistoryAsync("calm")).Runs)));
    }

    [Fact]
    public async Task A_lead_starts_a_job_and_it_stands_in_the_audit_log()
    {
        var lead = await StaffAsync(StaffRole.Lead);
        var job = Job("started");

        var start = await Starter(job).StartAsync("started", lead, Lena);

        Assert.Equal(JobStartOutcome.Started, start.Outcome);
        Assert.True((await start.Run!).Succeeded);
        Assert.Equal("Started the job started by hand", Assert.Single(await LinesAsync("started")).Summary);
    }

    [Fact]
    public async Task An_agent_and_a_stranger_start_nothing()
    {
        var agent = await StaffAsync(StaffRole.Agent);

        Assert.Equal(JobStartOutcome.NotAllowed, (await Starter(Job("refused")).StartAsync("refused", agent, Lena)).Outcome);
        Assert.Equal(JobStartOutcome.NotAllowed, (await Starter(Job("refused")).StartAsync("refused", Ids.New(), Lena)).Outcome);
        Assert.Empty((await Monitor(Job("refused")).HistoryAsync("refused")).Runs);
        Assert.Empty(await LinesAsync("refused"));
    }

    [Fact]
    public async Task A_run_under_way_is_seen_from_every_process_and_keeps_a_second_one_away()
    {
        var lead = await StaffAsync(StaffRole.Lead);
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var job = new ScheduledJob("busy", "0 0 * * * ?", async (_, _) =>
        {
            begun.SetResult();
            await end.Task;
            return ScheduledJob.Counts();
        });
        var first = await Starter(job).StartAsync("busy", lead, Lena);
        await begun.Task;

        var second = await Starter(job).StartAsync("busy", lead, Lena);
        var unknown = await Starter(job).StartAsync("nothing", lead, Lena);
        var status = (await Monitor(job).FindAsync("busy"))!;
        end.SetResult();

        Assert.Equal((JobStartOutcome.UnderWay, JobStartOutcome.UnknownJob), (second.Outcome, unknown.Outcome));
        Assert.True(status.IsUnderWay);
        Assert.True((await first.Run!).Succeeded);
        Assert.False((await Monitor(job).FindAsync("busy"))!.IsUnderWay);
        Assert.Single(await LinesAsync("busy"));
    }

    [Fact]
    public async Task A_run_whose_process_ended_is_told_from_one_that_goes_on()
    {
        await AddAsync("killed", JobOutcome.Running, minutesAgo: 5, seconds: 0);

        var status = (await Monitor(Job("killed")).FindAsync("killed"))!;

        Assert.True(status.IsAbandoned);
        Assert.Equal("Interrupted", JobWords.State(status).Text);
    }

    // Each statement is about other rooms' tables: it must at least be one that PostgreSQL understands.
    [Fact]
    public async Task Backlogs_are_counted_for_jobs_that_have_one()
    {
        var all = await new JobMonitor(postgres.Database, Runner([.. Schedule.Jobs]), new JobBacklogs(postgres.Clock)).AllAsync();

        Assert.Equal(Schedule.Jobs.Count, all.Count);
        Assert.Equal(0, all.Single(job => job.Job.Name == "hold-expiry").Backlog);
        Assert.Equal(0, all.Single(job => job.Job.Name == "phone-rent").Backlog);
        Assert.Null(all.Single(job => job.Job.Name == "ledger-audit").Backlog);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"looked":0,"notSent":0}""", "nothing to do")]
    [InlineData("""{"looked":1200,"notSent":1,"failed":0}""", "1,200 looked, 1 not sent")]
    public void Counts_read_as_words(string counts, string words) =>
        Assert.Equal(words, JobWords.Counts(new JobRun { Name = "x", Counts = counts }));

    private static ScheduledJob Job(string name, string cron = "0 0 * * * ?") =>
        new(name, cron, (_, _) => Task.FromResult(ScheduledJob.Counts()));

    private JobMonitor Monitor(ScheduledJob job) => new(postgres.Database, Runner(job), new JobBacklogs(postgres.Clock));

    private JobRunner Runner(params ScheduledJob[] jobs) => new(
        postgres.Database, new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(), jobs,
        postgres.Clock, NullLogger<JobRunner>.Instance);

    private JobStarter Starter(ScheduledJob job) => new(
        Runner(job), Monitor(job), postgres.Database, new TenantReader(postgres.Database), new AuditLog(postgres.Clock),
        new StaysUp(), NullLogger<JobStarter>.Instance);

    private async Task AddAsync(string name, JobOutcome outcome, int minutesAgo, int seconds, string? error = null)
    {
        var at = postgres.Clock.GetUtcNow().AddMinutes(-minutesAgo);
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new JobRun
        {
            Id = Guid.CreateVersion7(at),
            Name = name,
            Outcome = outcome,
            StartedAt = at,
            FinishedAt = outcome is JobOutcome.Running ? null : at.AddSeconds(seconds),
            Error = error,
        });
        await unit.CommitAsync();
    }

    private async Task<Guid> StaffAsync(StaffRole role)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        var user = new User
        {
            Id = Ids.New(),
            Email = $"{Ids.New():N}@portal.example",
            NormalizedEmail = $"{Ids.New():N}@PORTAL.EXAMPLE",
            Name = "Lena Hoff",
            CreatedAt = postgres.Clock.GetUtcNow(),
        };
        unit.Db.Add(user);
        await unit.Db.SaveChangesAsync();
        unit.Db.Add(new StaffMember { UserId = user.Id, Role = role, CreatedAt = user.CreatedAt });
        await unit.CommitAsync();
        return user.Id;
    }

    private async Task<List<AuditLine>> LinesAsync(string job)
    {
        var page = await new AuditReader(postgres.Database).PageAsync(new AuditFilter { Action = "job.run", SubjectId = job });
        return [.. page.Items.Select(item => item.Line)];
    }

    /// <summary>A process that nobody stops.</summary>
    private sealed class StaysUp : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
