using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.Addresses;

/// <summary>
/// A person wants to sign in with another email address and has yet to show that it is theirs. Holds at every commit: the link
/// works until <see cref="EndedAt"/> is set or <see cref="ExpiresAt"/> has come, and nothing stored here can open it.
/// </summary>
public sealed class AddressChange
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string NewEmail { get; init; }

    /// <summary>SHA-256 of the code in the link.</summary>
    public required string CodeHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Used, or a newer one was asked for.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Table <c>address_changes</c>: no tenant's, and closed to <c>portal_app</c>.</summary>
internal sealed class AddressChangeMap : IEntityTypeConfiguration<AddressChange>
{
    public void Configure(EntityTypeBuilder<AddressChange> change)
    {
        change.ToTable("address_changes");
        change.Property(row => row.Id).ValueGeneratedNever();
        change.Property(row => row.NewEmail).HasMaxLength(256);
        change.Property(row => row.CodeHash).HasMaxLength(64);
        change.HasIndex(row => row.CodeHash).IsUnique();
        change.HasIndex(row => new { row.UserId, row.CreatedAt });
        change.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
