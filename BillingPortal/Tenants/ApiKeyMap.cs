using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants;

/// <summary>The table <c>api_keys</c>.</summary>
internal sealed class ApiKeyMap : IEntityTypeConfiguration<ApiKey>
{
    public const int NameMax = 100;

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys", table =>
        {
            table.HasCheckConstraint("ck_api_keys_scopes", "scopes BETWEEN 1 AND 7");
            table.HasCheckConstraint("ck_api_keys_sha256", "octet_length(key_sha256) = 32");
            table.HasCheckConstraint("ck_api_keys_requests_per_minute", "requests_per_minute >= 1");
            table.HasCheckConstraint("ck_api_keys_expiry", "expires_at >= created_at");
        });
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.Property(key => key.Name).HasMaxLength(NameMax);
        builder.Property(key => key.Prefix).HasMaxLength(16);
        builder.Property(key => key.CreatedBy).HasMaxLength(200);
        builder.Property(key => key.Scopes).HasConversion<int>();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(key => key.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<ApiKey>().WithMany().HasForeignKey(key => key.ReplacesId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(key => key.ReplacesId).IsUnique();
        builder.HasIndex(key => key.KeySha256).IsUnique();
        builder.HasIndex(key => key.TenantId);
    }
}
