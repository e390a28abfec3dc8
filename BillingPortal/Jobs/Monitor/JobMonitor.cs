using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Jobs.Monitor;

/// <summary>Reads the schedule and its runs for people. Changes nothing.</summary>
public sealed class JobMonitor(Database database, JobRunner runner, JobBacklogs backlogs)
{
    public const int PageSize = 50;

    // The lock is the one that JobRunner takes: two keys, so objsubid is 2.
    private const string Standing =
        """
        SELECT n.name, last.id, last.outcome, last.started_at, last.finished_at, last.counts::text, last.faults::text, last.error,
               good.finished_at, usual.seconds,
               EXISTS (SELECT FROM pg_locks AS held
                       WHERE held.locktype = 'advisory' AND held.classid = hashtext('job')::oid AND held.objid = hashtext(n.name)::oid
                         AND held.objsubid = 2 AND held.granted
                         AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
        LEFT JOIN LATERAL (
          SELECT * FROM job_runs WHERE job_runs.name = n.name AND outcome <> 'skipped' ORDER BY id DESC LIMIT 1) AS last ON true
        LEFT JOIN LATERAL (
          SELECT finished_at FROM job_runs WHERE job_runs.name = n.name AND outcome = 'succeeded' ORDER BY id DESC LIMIT 1) AS good ON true
        LEFT JOIN LATERAL (
          SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)::float8) AS seconds
          FROM (SELECT started_at, finished_at FROM job_runs WHERE job_runs.name = n.name AND outcome = 'succeeded'
                ORDER BY id DESC LIMIT 20) AS runs) AS usual ON true
        ORDER BY n.place
        """;

    /// <summary>Null: the schedule has no such job.</summary>
    public async Task<JobStatus?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        runner.Jobs.FirstOrDefault(job => job.Name == name) is { } job ? (await ReadAsync([job], cancellationToken))[0] : null;

    /// <summary>Every job, by name.</summary>
    public Task<IReadOnlyList<JobStatus>> AllAsync(CancellationToken cancellationToken = default) =>
        ReadAsync([.. runner.Jobs.OrderBy(job => job.Name, StringComparer.Ordinal)], cancellationToken);

    /// <summary>The job's runs, newest first; the next page begins before the last one's id.</summary>
    public async Task<JobRunPage> HistoryAsync(
        string name, JobOutcome? outcome = null, Guid? before = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var runs = unit.Db.Set<JobRun>().AsNoTracking().Where(run => run.Name == name);
        runs = outcome is { } known ? runs.Where(run => run.Outcome == known) : runs;
        runs = before is { } id ? runs.Where(run => run.Id.CompareTo(id) < 0) : runs;
        var found = await runs.OrderByDescending(run => run.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
        return new JobRunPage([.. found.Take(PageSize)], found.Count > PageSize ? found[PageSize - 1].Id : null);
    }

    private async Task<IReadOnlyList<JobStatus>> ReadAsync(List<ScheduledJob> jobs, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var waiting = await backlogs.ReadAsync(unit, jobs, cancellationToken);
        await using var command = unit.Command(Standing, (object)jobs.Select(job => job.Name).ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<JobStatus>();
        foreach (var job in jobs)
        {
            await row.ReadAsync(cancellationToken);
            all.Add(new JobStatus(
                job, Run(row), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
                row.IsDBNull(9) ? null : TimeSpan.FromSeconds(row.GetDouble(9)), row.GetBoolean(10),
                waiting.TryGetValue(job.Name, out var count) ? count : null));
        }

        return all;
    }

    private static JobRun? Run(NpgsqlDataReader row) => row.IsDBNull(1) ? null : new JobRun
    {
        Id = row.GetGuid(1),
        Name = row.GetString(0),
        Outcome = TextCodes.Parse<JobOutcome>(row.GetString(2)),
        StartedAt = row.GetFieldValue<DateTimeOffset>(3),
        FinishedAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        Counts = row.GetString(5),
        Faults = row.GetString(6),
        Error = row.IsDBNull(7) ? null : row.GetString(7),
    };
}

/// <summary>One page of a job's runs and the id that the next, older one begins before; null at the end.</summary>
public sealed record JobRunPage(IReadOnlyList<JobRun> Runs, Guid? Next);
