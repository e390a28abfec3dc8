using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Alerts;

/// <summary>
/// What a tenant wants by email, and where to. No row reads as the defaults: everything, to owners and billing admins.
/// Holds at every commit: somebody is written to, by role or by address.
/// </summary>
public sealed class MailPreferences
{
    public Guid TenantId { get; init; }

    /// <summary>Off: notifications appear in the portal only.</summary>
    public bool EmailEnabled { get; set; } = true;

    /// <summary>Codes of <see cref="MailKinds"/> that are not mailed.</summary>
    public List<string> OffKinds { get; set; } = [];

    /// <summary>Written to instead of the roles; null: the roles.</summary>
    public string? OverrideAddress { get; set; }

    public bool ToOwners { get; set; } = true;

    public bool ToBillingAdmins { get; set; } = true;

    public bool ToViewers { get; set; }

    /// <summary>Since when <see cref="TestsSent"/> counts.</summary>
    public DateTimeOffset? TestsSince { get; set; }

    public int TestsSent { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    public Guid? ChangedBy { get; set; }

    public bool Wants(string kind) => kind == MailKinds.Test || (EmailEnabled && !OffKinds.Contains(kind));

    public bool WritesTo(MemberRole role) => role switch
    {
        MemberRole.Owner => ToOwners,
        MemberRole.BillingAdmin => ToBillingAdmins,
        MemberRole.Viewer => ToViewers,
    };
}

/// <summary>Table <c>mail_preferences</c>.</summary>
internal sealed class MailPreferencesMap : IEntityTypeConfiguration<MailPreferences>
{
    public void Configure(EntityTypeBuilder<MailPreferences> preferences)
    {
        preferences.ToTable("mail_preferences", table =>
        {
            table.HasCheckConstraint(
                "ck_mail_preferences_somebody", "to_owners OR to_billing_admins OR to_viewers");
            table.HasCheckConstraint("ck_mail_preferences_tests", "tests_sent >= 0");
        });
        preferences.HasKey(p => p.TenantId);
        preferences.Property(p => p.OverrideAddress).HasMaxLength(MailAddresses.LengthMax);
    }
}
