using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.Sessions;

/// <summary>
/// One browser in which a person is signed in. It is open while nobody has ended it, its time is not over and <see
/// cref="Stamp"/> is still the person's: a new password or second step ends all others without a word here.
/// </summary>
public sealed class UserSession
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>The person's security stamp when the session was last given out.</summary>
    public required string Stamp { get; set; }

    /// <summary>SHA-256 of the browser's own cookie: the same browser next time is no new one.</summary>
    public required string DeviceHash { get; init; }

    public required string UserAgent { get; init; }

    /// <summary>The network address it was last seen from.</summary>
    public required string Address { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>To the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Signed out, here or from another browser.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Table <c>sessions</c>: no tenant's, and closed to <c>portal_app</c>.</summary>
internal sealed class UserSessionMap : IEntityTypeConfiguration<UserSession>
{
    public const int UserAgentMax = 400;
    public const int AddressMax = 64;

    public void Configure(EntityTypeBuilder<UserSession> session)
    {
        session.ToTable("sessions");
        session.Property(row => row.Id).ValueGeneratedNever();
        session.Property(row => row.Stamp).HasMaxLength(100);
        session.Property(row => row.DeviceHash).HasMaxLength(64);
        session.Property(row => row.UserAgent).HasMaxLength(UserAgentMax);
        session.Property(row => row.Address).HasMaxLength(AddressMax);
        session.HasIndex(row => new { row.UserId, row.DeviceHash });
        session.HasIndex(row => row.ExpiresAt);
        session.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
