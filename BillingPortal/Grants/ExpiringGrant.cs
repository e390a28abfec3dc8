using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Grants;

/// <summary>
/// Credits that expire: an entry of the books and what is left of it. Holds at every commit: remaining + expired ≤
/// amount, and remaining counts every entry up to the account's <see cref="GrantMark"/>.
/// </summary>
public sealed class ExpiringGrant
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>The entry that gave it.</summary>
    public required long Seq { get; init; }

    public required long AmountE4 { get; init; }

    public required long RemainingE4 { get; set; }

    /// <summary>What expiry has taken back of it.</summary>
    public long ExpiredE4 { get; set; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What people know it as: "Welcome credits".</summary>
    public required string Name { get; init; }

    /// <summary>What gave it, for example a purchase's id; null for a promotion.</summary>
    public string? CauseId { get; init; }

    /// <summary>When its people were told that it expires soon.</summary>
    public DateTimeOffset? WarnedAt { get; set; }

    public Amount Remaining => new(RemainingE4, Unit);
}

/// <summary>How far an account's entries have been taken off its expiring grants. Its row is the lock for that.</summary>
public sealed class GrantMark
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    public required long ThroughSeq { get; set; }
}

/// <summary>Table <c>expiring_grants</c>.</summary>
internal sealed class ExpiringGrantMap : IEntityTypeConfiguration<ExpiringGrant>
{
    public void Configure(EntityTypeBuilder<ExpiringGrant> grant)
    {
        grant.ToTable("expiring_grants", table => table.HasCheckConstraint(
            "ck_expiring_grants_remaining", "amount_e4 > 0 AND remaining_e4 >= 0 AND expired_e4 >= 0 "
            + "AND remaining_e4 + expired_e4 <= amount_e4"));
        grant.HasKey(row => new { row.TenantId, row.Unit, row.Seq });
        grant.HasCode(row => row.Unit);
        grant.Ignore(row => row.Remaining);
        grant.HasIndex(row => row.CauseId).HasFilter("cause_id IS NOT NULL");
        grant.HasIndex(row => row.ExpiresAt).HasFilter("remaining_e4 > 0").HasDatabaseName("ix_expiring_grants_due");
    }
}

/// <summary>Table <c>grant_marks</c>.</summary>
internal sealed class GrantMarkMap : IEntityTypeConfiguration<GrantMark>
{
    public void Configure(EntityTypeBuilder<GrantMark> mark)
    {
        mark.ToTable("grant_marks");
        mark.HasKey(row => new { row.TenantId, row.Unit });
        mark.HasCode(row => row.Unit);
    }
}
