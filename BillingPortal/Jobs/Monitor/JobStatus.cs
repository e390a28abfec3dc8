using Quartz;

namespace BillingPortal.Jobs.Monitor;

/// <summary>One job of the schedule and how it stands.</summary>
/// <param name="Last">The last run that was not skipped; null: it never ran.</param>
/// <param name="IsUnderWay">A process holds the job's lock at this moment.</param>
/// <param name="Usual">Half of the last twenty successful runs took no longer.</param>
/// <param name="Backlog">What waits for it, up to <see cref="JobBacklogs.CountMax"/> and one; null where it cannot be told cheaply.</param>
public sealed record JobStatus(
    ScheduledJob Job, JobRun? Last, DateTimeOffset? LastSuccessAt, TimeSpan? Usual, bool IsUnderWay, long? Backlog)
{
    /// <summary>Runs that come late by less than this are no news.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>The record says that it runs, and nobody runs it: its process ended.</summary>
    public bool IsAbandoned => Last is { Outcome: JobOutcome.Running } && !IsUnderWay;

    /// <param name="now">By the machine's clock, which is the schedule's.</param>
    public DateTimeOffset? NextAt(DateTimeOffset now) => Clock(Job.Cron).GetNextValidTimeAfter(now);

    /// <summary>A time of the schedule came after the last run, and went by without one.</summary>
    public bool IsOverdue(DateTimeOffset now) => !IsUnderWay && Last is { } last
        && Clock(Job.Cron).GetNextValidTimeAfter(last.BegunAt) is { } due && due + Grace < now;

    private static CronExpression Clock(string cron) => new(cron, TimeZoneInfo.Utc);
}
