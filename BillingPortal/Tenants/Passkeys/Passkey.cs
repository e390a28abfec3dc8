using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>A key on a person's device, of which this side knows the public half only.</summary>
public sealed class Passkey
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>How the person knows it: "Work laptop".</summary>
    public required string Name { get; set; }

    /// <summary>How the device knows it.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>In COSE's form.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Must grow with each use of a device that counts; otherwise somebody has a copy.</summary>
    public required long SignCount { get; set; }

    public required List<string> Transports { get; init; }

    public required bool IsUserVerified { get; set; }

    public required bool IsBackupEligible { get; init; }

    /// <summary>The device's maker keeps a copy: losing the device does not lose the key.</summary>
    public required bool IsBackedUp { get; set; }

    public required byte[] AttestationObject { get; init; }

    public required byte[] ClientDataJson { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>Table <c>passkeys</c>: no tenant's, and closed to <c>portal_app</c>.</summary>
internal sealed class PasskeyMap : IEntityTypeConfiguration<Passkey>
{
    public const int NameMax = 60;

    // WebAuthn, 4 "credential ID".
    private const int CredentialIdMax = 1023;

    public void Configure(EntityTypeBuilder<Passkey> passkey)
    {
        passkey.ToTable("passkeys");
        passkey.Property(row => row.Id).ValueGeneratedNever();
        passkey.Property(row => row.Name).HasMaxLength(NameMax);
        passkey.Property(row => row.CredentialId).HasMaxLength(CredentialIdMax);
        passkey.HasIndex(row => row.CredentialId).IsUnique();
        passkey.HasIndex(row => new { row.UserId, row.CreatedAt });
        passkey.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
