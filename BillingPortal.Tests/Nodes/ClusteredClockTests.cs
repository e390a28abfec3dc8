using BillingPortal.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;

namespace BillingPortal.Tests.Nodes;

/// <summary>The schedule on several nodes: each due time once, and what a killed node had begun is begun again elsewhere.</summary>
[Collection(NodesScene.Collection)]
public sealed class ClusteredClockTests(NodesScene scene)
{
    // The cleanup waits for the table that this test holds; the node that runs it is killed there. It is due again only tomorrow.
    [Fact]
    public async Task A_job_whose_node_was_killed_runs_on_another()
    {
        const string Job = "webhook-cleanup";
        await using var owner = NpgsqlDataSource.Create(scene.Connections.Owner);
        await using var connection = await owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE tenant_webhook_messages IN ACCESS EXCLUSIVE MODE", connection);
        await hold.ExecuteNonQueryAsync();
        await TriggerAsync(Job);
        await scene.EventuallyAsync(async () => await RunsAsync(Job) == "running", "a node runs the job");
        var node = scene.NodeOf(await RunnerAsync(Job));

        await scene.KillAsync(node);
        await transaction.RollbackAsync();

        await scene.EventuallyAsync(async () => await RunsAsync(Job) == "interrupted, succeeded", "the other node ran it to the end");
        await scene.StartAsync(node);
    }

    // Every minute has its jobs; over the lives of all nodes no due time of any was run twice, nor found another run in its way.
    [Fact]
    public async Task Every_due_time_is_run_once()
    {
        var everyMinute = Schedule.Jobs.Where(job => job.Cron.EndsWith(" * * * * ?", StringComparison.Ordinal))
            .Select(job => job.Name).ToArray();
        await scene.EventuallyAsync(
            async () => await scene.ScalarAsync<long>(
                "SELECT count(DISTINCT name) FROM job_runs WHERE name = ANY ($1) AND outcome = 'succeeded'", [everyMinute])
                == everyMinute.Length,
            "each of them has run");

        Assert.Equal(
            "",
            await scene.ScalarAsync<string>(
                """
                SELECT coalesce(string_agg(name || ' ran ' || runs || ' times', ', '), '') FROM (
                  SELECT name, count(*) AS runs, extract(epoch FROM max(started_at) - min(started_at)) / 60 AS minutes
                  FROM (SELECT name, started_at, lag(outcome) OVER (PARTITION BY name ORDER BY id) AS before FROM job_runs) AS run
                  WHERE name = ANY ($1) AND before IS DISTINCT FROM 'interrupted' GROUP BY name) AS job
                WHERE runs > round(minutes) + 1
                """,
                [everyMinute]));
        Assert.Equal(0L, await scene.ScalarAsync<long>("SELECT count(*) FROM job_runs WHERE outcome = 'skipped'"));
    }

    // A scheduler of the test's own that is never started: it only writes the request into the cluster's tables.
    private async Task TriggerAsync(string job)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddJobs(scene.Connections, []);
        using var host = builder.Build();
        var clock = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await clock.TriggerJob(new JobKey(job));
    }

    private Task<string> RunsAsync(string job) => scene.ScalarAsync<string>(
        "SELECT coalesce(string_agg(outcome, ', ' ORDER BY id), '') FROM job_runs WHERE name = $1", job);

    // The connection that holds the job's lock bears its process's id in its name.
    private async Task<int> RunnerAsync(string job)
    {
        var name = await scene.ScalarAsync<string>(
            """
            SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid = hashtext('job')::oid AND l.objid = hashtext($1)::oid
            """,
            job);
        return int.Parse(name.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
