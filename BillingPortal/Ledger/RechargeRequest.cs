using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>
/// A tenant's available balance fell below its threshold and somebody must look. Written by the crossing itself, in its statement;
/// pending while <see cref="DoneVersion"/> is less than <see cref="Version"/>.
/// </summary>
public sealed class RechargeRequest
{
    public Guid TenantId { get; private set; }

    public Unit Unit { get; private set; }

    /// <summary>The account's last entry when it crossed.</summary>
    public long CrossedSeq { get; private set; }

    public DateTimeOffset RequestedAt { get; private set; }

    /// <summary>Crossings so far, over both accounts.</summary>
    public long Version { get; private set; }

    /// <summary>The crossings that an evaluation has seen.</summary>
    public long DoneVersion { get; private set; }

    public DateTimeOffset? LeasedUntil { get; private set; }

    /// <summary>Leases since the last completed one.</summary>
    public int Attempts { get; private set; }

    /// <summary>
    /// From a crossing, or a refund that left the account below, until a sweep has seen it above its threshold again. Holds at every
    /// commit: an account below its threshold has it, so that nobody needs to look at the others.
    /// </summary>
    public bool IsBelow { get; private set; }
}

/// <summary>Table <c>recharge_requests</c>, one row per tenant. Jobs may lease and complete, nobody may insert or delete.</summary>
internal sealed class RechargeRequestMap : IEntityTypeConfiguration<RechargeRequest>
{
    public void Configure(EntityTypeBuilder<RechargeRequest> request)
    {
        request.ToTable("recharge_requests", table => table.HasCheckConstraint(
            "ck_recharge_requests_versions", "done_version >= 0 AND done_version <= version"));
        request.HasKey(row => row.TenantId);
        request.HasCode(row => row.Unit).UseCollation("C");
        request.HasIndex(row => row.RequestedAt).HasFilter("done_version < version").HasDatabaseName("ix_recharge_requests_pending");
        // A column rather than a comparison: the planner knows how few they are.
        request.Property(row => row.IsBelow).HasDefaultValue(true);
        request.HasIndex(row => row.TenantId).HasFilter("is_below").HasDatabaseName("ix_recharge_requests_below");
    }
}
