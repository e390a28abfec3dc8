using System.Globalization;
using System.Text.Json;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Jobs;

/// <summary>
/// How a run ended. <c>Interrupted</c>: its process ended first; <c>Skipped</c>: another run was under way.
/// </summary>
public enum JobOutcome
{
    Running,
    Succeeded,
    Failed,
    Interrupted,
    Skipped,
}

/// <summary>One run of a job, begun by the clock or by a person.</summary>
public sealed class JobRun
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public JobOutcome Outcome { get; set; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>What it counted, as JSON.</summary>
    public string Counts { get; set; } = "{}";

    /// <summary>What it could not do for single tenants, as a JSON list of <see cref="RunFault"/>.</summary>
    public string Faults { get; set; } = "[]";

    public string? Error { get; set; }

    /// <summary>By the machine's clock, which the id carries; <see cref="StartedAt"/> is the portal's.</summary>
    public DateTimeOffset BegunAt => Ids.TimeOf(Id);

    public bool Succeeded => Outcome is JobOutcome.Succeeded;

    /// <summary>One line for the command line and the log.</summary>
    public string Text
    {
        get
        {
            var counts = JsonSerializer.Deserialize<Dictionary<string, long>>(Counts) ?? [];
            var counted = string.Join(
                ", ", counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));
            return $"{Name}: {Outcome.ToString().ToLowerInvariant()}"
                + (counted.Length == 0 ? "" : $", {counted}") + (Error is null ? "" : $" ({Error})");
        }
    }
}

/// <summary>Table <c>job_runs</c>; the operator's.</summary>
internal sealed class JobRunMap : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> run)
    {
        run.ToTable("job_runs", table => table.HasCheckConstraint(
            "ck_job_runs_finished", "(outcome = 'running') = (finished_at IS NULL)"));
        run.HasCode(r => r.Outcome);
        run.Property(r => r.Counts).HasColumnType("json"); // keeps the order of what was counted
        run.Property(r => r.Faults).HasColumnType("json").HasDefaultValueSql("'[]'");
        run.Ignore(r => r.Succeeded).Ignore(r => r.Text).Ignore(r => r.BegunAt);
        run.HasIndex(r => new { r.Name, r.StartedAt });
    }
}
