using BillingPortal.Jobs.Monitor;

namespace BillingPortal.Monitoring;

/// <summary>How many rows wait, up to <see cref="ReadingsReader.CountMax"/>, and since when the oldest does; null when none.</summary>
internal sealed record Queue(long Count, DateTimeOffset? Oldest);

/// <summary>What the database says of the whole portal at one moment: the same for every process.</summary>
/// <param name="At">By the portal's clock, which the rows' times are of.</param>
/// <param name="Queues">By name, see <see cref="ReadingsReader"/>.</param>
/// <param name="AuditAt">The last proof of the books; null before the first.</param>
/// <param name="Violations">Those of the last proof.</param>
internal sealed record Readings(
    DateTimeOffset At, IReadOnlyDictionary<string, Queue> Queues, DateTimeOffset? AuditAt, long? Violations, IReadOnlyList<JobState> Jobs);

/// <summary>One job of the schedule: whether a run is missing, since when it last went well, and what waits for it.</summary>
internal sealed record JobState(string Name, bool IsOverdue, DateTimeOffset? LastSuccessAt, long? Backlog)
{
    /// <param name="now">By the machine's clock, which is the schedule's.</param>
    public static JobState Of(JobStatus job, DateTimeOffset now) =>
        new(job.Job.Name, job.IsOverdue(now), job.LastSuccessAt, job.Backlog);
}
