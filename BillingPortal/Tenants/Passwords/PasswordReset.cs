using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// A mailed link by which one person may choose a new password. Holds at every commit: it works until <see cref="EndedAt"/> is
/// set or <see cref="ExpiresAt"/> has come, and nothing stored here can open it.
/// </summary>
public sealed class PasswordReset
{
    /// <summary>That of the request's message: a message that is delivered twice makes one link.</summary>
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the code in the link.</summary>
    public required string CodeHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Used, or another link of the person was.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>256 random bits, fit for an address.</summary>
    public static string NewCode() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>A fast hash is enough for what nobody can guess.</summary>
    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}

/// <summary>Table <c>password_resets</c>: no tenant's, and closed to <c>portal_app</c>.</summary>
internal sealed class PasswordResetMap : IEntityTypeConfiguration<PasswordReset>
{
    public void Configure(EntityTypeBuilder<PasswordReset> reset)
    {
        reset.ToTable("password_resets");
        reset.Property(row => row.Id).ValueGeneratedNever();
        reset.Property(row => row.CodeHash).HasMaxLength(64);
        reset.HasIndex(row => row.CodeHash).IsUnique();
        reset.HasIndex(row => new { row.UserId, row.CreatedAt });
        reset.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
