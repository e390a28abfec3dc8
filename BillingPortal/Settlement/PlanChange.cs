using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Settlement;

/// <summary>Who changed a tenant's plan or settlement mode, when, and what went with it. Append-only.</summary>
public sealed class PlanChange
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Null for staff tools and programs.</summary>
    public required Guid? UserId { get; init; }

    public required Unit FromPlan { get; init; }

    public required Unit ToPlan { get; init; }

    public required SettlementMode FromMode { get; init; }

    public required SettlementMode ToMode { get; init; }

    /// <summary>What the running months had reserved and was debited with the change.</summary>
    public required long SettledE4 { get; init; }

    public required bool RechargeSwitchedOff { get; init; }
}

/// <summary>Table <c>plan_changes</c>.</summary>
internal sealed class PlanChangeMap : IEntityTypeConfiguration<PlanChange>
{
    public void Configure(EntityTypeBuilder<PlanChange> change)
    {
        change.ToTable("plan_changes", table => table.HasCheckConstraint(
            "ck_plan_changes_what", "(from_plan <> to_plan OR from_mode <> to_mode) AND settled_e4 >= 0"));
        change.HasKey(row => row.Id);
        change.HasCode(row => row.FromPlan);
        change.HasCode(row => row.ToPlan);
        change.HasCode(row => row.FromMode);
        change.HasCode(row => row.ToMode);
        change.HasIndex(row => new { row.TenantId, row.ChangedAt });
    }
}
