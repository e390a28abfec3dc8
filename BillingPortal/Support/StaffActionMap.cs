using BillingPortal.Data;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Support;

/// <summary>Table <c>staff_actions</c>; closed to tenants' sessions: it holds what staff says among themselves.</summary>
internal sealed class StaffActionMap : IEntityTypeConfiguration<StaffAction>
{
    private const string Open = "state IN ('awaiting_approval', 'executing')";

    public void Configure(EntityTypeBuilder<StaffAction> action)
    {
        action.ToTable("staff_actions", table =>
        {
            table.HasCheckConstraint(
                "ck_staff_actions_refund",
                "(kind = 'refund') = (purchase_id IS NOT NULL AND payment_intent_id IS NOT NULL AND refund_cents IS NOT NULL) "
                + "AND (kind = 'refund' OR refund_id IS NULL)");
            table.HasCheckConstraint(
                "ck_staff_actions_figures",
                "(amount_e4 <> 0 OR kind = 'refund') AND debt_e4 >= 0 AND value_cents >= 0 AND refund_cents > 0");
            table.HasCheckConstraint("ck_staff_actions_second_person", "decided_by <> requested_by");
            table.HasCheckConstraint("ck_staff_actions_ended", $"(ended_at IS NULL) = ({Open})");
            table.HasCheckConstraint(
                "ck_staff_actions_approved",
                "state NOT IN ('executing', 'done') OR decided_by IS NOT NULL "
                + "OR NOT (is_above_limit OR is_above_day OR leaves_debt)");
            table.HasCheckConstraint("ck_staff_actions_lease", "(leased_until IS NOT NULL) = (state = 'executing')");
        });
        action.Property(row => row.Id).ValueGeneratedNever();
        action.HasCode(row => row.Kind);
        action.HasCode(row => row.State);
        action.HasCode(row => row.Unit);
        action.HasCode(row => row.Reason);
        action.Ignore(row => row.Amount).Ignore(row => row.Debt).Ignore(row => row.NeedsApproval).Ignore(row => row.Said);
        action.Property(row => row.AttemptKey).HasMaxLength(100);
        action.Property(row => row.TenantNote).HasMaxLength(StaffNotes.TenantMax);
        action.Property(row => row.InternalNote).HasMaxLength(StaffNotes.InternalMax);
        action.Property(row => row.DecisionNote).HasMaxLength(StaffNotes.InternalMax);
        action.HasIndex(row => row.AttemptKey).IsUnique();
        action.HasIndex(row => row.PurchaseId).IsUnique().HasFilter($"{Open} AND kind = 'refund'")
            .HasDatabaseName("ux_staff_actions_open_refund");
        action.HasIndex(row => new { row.TenantId, row.RequestedAt });
        action.HasIndex(row => new { row.RequestedBy, row.RequestedAt });
        action.HasIndex(row => row.LeasedUntil).HasFilter("state = 'executing'").HasDatabaseName("ix_staff_actions_due");
        action.HasIndex(row => row.RequestedAt).HasFilter("state = 'awaiting_approval'")
            .HasDatabaseName("ix_staff_actions_waiting");
        action.HasIndex(row => row.RefundId).HasFilter("refund_id IS NOT NULL");
        action.HasOne<Purchase>().WithMany().HasForeignKey(row => row.PurchaseId).OnDelete(DeleteBehavior.Restrict);
        action.HasOne<Tenant>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
