using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Audit;

/// <summary>
/// One change that somebody made. Holds at every commit: it stands there exactly if the change does, and it is never altered or
/// removed.
/// </summary>
public sealed class AuditLine
{
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whom it concerns; null where it concerns the platform as a whole.</summary>
    public Guid? TenantId { get; init; }

    public required ActorKind ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>What was done to what, dotted from the general to the particular: <c>price.changed</c>.</summary>
    public required string Action { get; init; }

    public required string SubjectType { get; init; }

    public required string SubjectId { get; init; }

    /// <summary>The change in one plain sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>JSON; null where nothing was there before.</summary>
    public string? Before { get; init; }

    /// <summary>JSON; null where nothing is left.</summary>
    public string? After { get; init; }
}

/// <summary>Table <c>audit_log</c>. Times come from the clock, so they order it; ids only part equal times.</summary>
internal sealed class AuditLineMap : IEntityTypeConfiguration<AuditLine>
{
    public const int NameMax = 200;
    public const int ActionMax = 60;
    public const int SubjectMax = 200;
    public const int SummaryMax = 500;

    public void Configure(EntityTypeBuilder<AuditLine> line)
    {
        line.ToTable("audit_log", table =>
        {
            table.HasCheckConstraint("ck_audit_log_words", "action <> '' AND subject_type <> '' AND summary <> '' AND actor_name <> ''");
            table.HasCheckConstraint("ck_audit_log_actor", "(actor_kind = 'system') = (actor_id IS NULL)");
        });
        line.Property(row => row.Id).ValueGeneratedNever();
        line.HasCode(row => row.ActorKind).HasMaxLength(10);
        line.Property(row => row.ActorName).HasMaxLength(NameMax);
        line.Property(row => row.Action).HasMaxLength(ActionMax);
        line.Property(row => row.SubjectType).HasMaxLength(ActionMax);
        line.Property(row => row.SubjectId).HasMaxLength(SubjectMax);
        line.Property(row => row.Summary).HasMaxLength(SummaryMax);
        line.Property(row => row.Before).HasColumnType("jsonb");
        line.Property(row => row.After).HasColumnType("jsonb");
        line.HasIndex(row => new { row.At, row.Id });
        line.HasIndex(row => new { row.TenantId, row.At, row.Id });
        line.HasIndex(row => new { row.SubjectType, row.SubjectId, row.At, row.Id });
    }
}
