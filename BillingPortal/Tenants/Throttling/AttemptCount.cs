using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.Throttling;

/// <summary>
/// How often one subject has tried one thing in its present window, over all processes. The subject itself is not here: the key is
/// the SHA-256 of both.
/// </summary>
internal sealed class AttemptCount
{
    public required byte[] Key { get; init; }

    public int Used { get; init; }

    /// <summary>Windows in a row that were exceeded: each makes the next wait longer.</summary>
    public int Waits { get; init; }

    public DateTimeOffset WindowEndsAt { get; init; }
}

/// <summary>Table <c>attempt_counts</c>: no tenant's, and closed to <c>portal_app</c>.</summary>
internal sealed class AttemptCountMap : IEntityTypeConfiguration<AttemptCount>
{
    public void Configure(EntityTypeBuilder<AttemptCount> count)
    {
        count.ToTable("attempt_counts", table => table.HasCheckConstraint("ck_attempt_counts_used", "used > 0 AND waits >= 0"));
        count.HasKey(row => row.Key);
        count.Property(row => row.Key).HasMaxLength(32);
        count.HasIndex(row => row.WindowEndsAt);
    }
}
