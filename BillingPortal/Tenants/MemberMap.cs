using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants;

/// <summary>The table <c>members</c>.</summary>
internal sealed class MemberMap : IEntityTypeConfiguration<Member>
{
    public void Configure(EntityTypeBuilder<Member> builder)
    {
        builder.ToTable("members", table =>
            table.HasCheckConstraint("ck_members_role", "role IN ('owner', 'billing_admin', 'viewer')"));
        builder.HasKey(member => new { member.TenantId, member.UserId });
        builder.Property(member => member.Role)
            .HasConversion(role => role.ToCode(), code => MemberRoles.Parse(code)!.Value).HasMaxLength(20);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(member => member.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(member => member.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(member => member.UserId);
    }
}
