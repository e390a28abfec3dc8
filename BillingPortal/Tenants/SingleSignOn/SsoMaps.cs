using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>The table <c>sso_connections</c>: one of a tenant.</summary>
internal sealed class SsoConnectionMap : IEntityTypeConfiguration<SsoConnection>
{
    public const int IssuerMax = 500;

    public void Configure(EntityTypeBuilder<SsoConnection> builder)
    {
        builder.ToTable("sso_connections", table => table.HasCheckConstraint(
            "ck_sso_connections_default_role", "default_role IN ('billing_admin', 'viewer')"));
        builder.HasKey(row => row.TenantId);
        builder.Property(row => row.Issuer).HasMaxLength(IssuerMax);
        builder.Property(row => row.ClientId).HasMaxLength(300);
        builder.Property(row => row.ClientSecretProtected).HasMaxLength(4000);
        builder.Property(row => row.RoleClaim).HasMaxLength(100);
        builder.Property(row => row.RoleRules).HasMaxLength(8000);
        builder.Property(row => row.DefaultRole)
            .HasConversion(role => role.ToCode(), code => MemberRoles.Parse(code)!.Value).HasMaxLength(20);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>The table <c>sso_domains</c>.</summary>
internal sealed class SsoDomainMap : IEntityTypeConfiguration<SsoDomain>
{
    public void Configure(EntityTypeBuilder<SsoDomain> builder)
    {
        builder.ToTable("sso_domains", table =>
        {
            table.HasCheckConstraint("ck_sso_domains_domain", "domain = lower(domain) AND domain ~ '^[a-z0-9.-]+$'");
            table.HasCheckConstraint("ck_sso_domains_confirmed", "(confirmed_at IS NULL) = (confirmed_by IS NULL)");
        });
        builder.HasKey(row => new { row.TenantId, row.Domain });
        builder.Property(row => row.Domain).HasMaxLength(253);
        builder.Property(row => row.ConfirmedBy).HasMaxLength(200);
        builder.HasOne<SsoConnection>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => row.Domain).IsUnique().HasFilter("confirmed_at IS NOT NULL");
    }
}

/// <summary>The table <c>sso_identities</c>. One person has one subject of an issuer at a time.</summary>
internal sealed class SsoIdentityMap : IEntityTypeConfiguration<SsoIdentity>
{
    public void Configure(EntityTypeBuilder<SsoIdentity> builder)
    {
        builder.ToTable("sso_identities");
        builder.HasKey(row => new { row.TenantId, row.Issuer, row.Subject });
        builder.Property(row => row.Issuer).HasMaxLength(SsoConnectionMap.IssuerMax);
        builder.Property(row => row.Subject).HasMaxLength(255);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.TenantId, row.UserId, row.Issuer }).IsUnique();
        builder.HasIndex(row => row.UserId);
    }
}

/// <summary>The table <c>sso_used_states</c>: no tenant's, closed to <c>portal_app</c>.</summary>
internal sealed class SsoUsedStateMap : IEntityTypeConfiguration<SsoUsedState>
{
    public void Configure(EntityTypeBuilder<SsoUsedState> builder)
    {
        builder.ToTable("sso_used_states");
        builder.HasKey(row => row.StateSha256);
        builder.HasIndex(row => row.UsedAt);
    }
}
