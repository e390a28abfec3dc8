using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants;

/// <summary>The table <c>staff_members</c>.</summary>
internal sealed class StaffMemberMap : IEntityTypeConfiguration<StaffMember>
{
    public void Configure(EntityTypeBuilder<StaffMember> builder)
    {
        builder.ToTable("staff_members", table => table.HasCheckConstraint("ck_staff_members_role", "role IN ('agent', 'lead')"));
        builder.HasKey(staff => staff.UserId);
        builder.Property(staff => staff.UserId).ValueGeneratedNever();
        builder.Property(staff => staff.Role)
            .HasConversion(role => role.ToCode(), code => StaffRoles.Parse(code)!.Value).HasMaxLength(10);
        builder.HasOne<User>().WithMany().HasForeignKey(staff => staff.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
