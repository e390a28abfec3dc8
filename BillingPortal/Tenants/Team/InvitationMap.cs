using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Tenants.Team;

/// <summary>The table <c>invitations</c>.</summary>
internal sealed class InvitationMap : IEntityTypeConfiguration<Invitation>
{
    public const int EmailMax = 254;

    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations", table =>
        {
            table.HasCheckConstraint("ck_invitations_role", "role IN ('owner', 'billing_admin', 'viewer')");
            table.HasCheckConstraint("ck_invitations_one_end", "accepted_at IS NULL OR withdrawn_at IS NULL");
            table.HasCheckConstraint("ck_invitations_accepted", "(accepted_at IS NULL) = (accepted_by IS NULL)");
        });
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Email).HasMaxLength(EmailMax);
        builder.Property(row => row.NormalizedEmail).HasMaxLength(EmailMax);
        builder.Property(row => row.InvitedBy).HasMaxLength(200);
        builder.Property(row => row.Role)
            .HasConversion(role => role.ToCode(), code => MemberRoles.Parse(code)!.Value).HasMaxLength(20);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(row => new { row.TenantId, row.NormalizedEmail }).IsUnique()
            .HasDatabaseName("ux_invitations_open").HasFilter("accepted_at IS NULL AND withdrawn_at IS NULL");
        builder.HasIndex(row => new { row.TenantId, row.CreatedAt });
    }
}

/// <summary>The table <c>invitation_tokens</c>.</summary>
internal sealed class InvitationTokenMap : IEntityTypeConfiguration<InvitationToken>
{
    public void Configure(EntityTypeBuilder<InvitationToken> builder)
    {
        builder.ToTable("invitation_tokens", table =>
            table.HasCheckConstraint("ck_invitation_tokens_sha256", "octet_length(sha256) = 32"));
        builder.HasKey(token => token.Sha256);
        builder.Property(token => token.Sha256).ValueGeneratedNever();
        builder.HasOne<Invitation>().WithMany().HasForeignKey(token => token.InvitationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(token => token.InvitationId);
    }
}
