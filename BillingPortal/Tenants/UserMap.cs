using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants;

/// <summary>The table <c>users</c>: no tenant's, and therefore closed to <c>portal_app</c>.</summary>
internal sealed class UserMap : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.Email).HasMaxLength(256);
        builder.Property(user => user.NormalizedEmail).HasMaxLength(256);
        builder.Property(user => user.Name).HasMaxLength(200);
        builder.Property(user => user.PasswordHash).HasMaxLength(500);
        builder.Property(user => user.SecurityStamp).HasMaxLength(100);
        builder.Property(user => user.ConcurrencyStamp).HasMaxLength(100).IsConcurrencyToken();
        builder.Property(user => user.AuthenticatorKeyProtected).HasMaxLength(1000);
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();
    }
}
