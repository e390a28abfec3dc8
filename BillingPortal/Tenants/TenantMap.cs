using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants;

/// <summary>The table <c>tenants</c>.</summary>
internal sealed class TenantMap : IEntityTypeConfiguration<Tenant>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.ToTable("tenants", table =>
        {
            table.HasCheckConstraint("ck_tenants_plan", "plan IN ('credits', 'usd')");
            table.HasCheckConstraint("ck_tenants_slug", "slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'");
        });
        builder.Property(tenant => tenant.Id).ValueGeneratedNever();
        builder.Property(tenant => tenant.Slug).HasMaxLength(63);
        builder.Property(tenant => tenant.Name).HasMaxLength(200);
        builder.Property(tenant => tenant.Plan)
            .HasConversion(plan => plan.ToCode(), code => Units.Parse(code)!.Value).HasMaxLength(10);
        builder.HasCode(tenant => tenant.SettlementMode).HasMaxLength(16).HasDefaultValue(SettlementMode.Monthly)
            .HasSentinel((SettlementMode)0);
        builder.Property(tenant => tenant.TimeZone).HasMaxLength(64);
        builder.Property(tenant => tenant.BillingEmail).HasMaxLength(256);
        builder.HasIndex(tenant => tenant.Slug).IsUnique();
    }
}
