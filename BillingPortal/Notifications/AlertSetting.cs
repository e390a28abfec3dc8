using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Notifications;

/// <summary>The threshold that a tenant chose for an account; no row reads as the default.</summary>
public sealed class AlertSetting
{
    public Guid TenantId { get; init; }

    public Unit Unit { get; init; }

    public long ThresholdE4 { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Null: an API key.</summary>
    public Guid? ChangedBy { get; set; }
}

/// <summary>Table <c>alert_settings</c>.</summary>
internal sealed class AlertSettingMap : IEntityTypeConfiguration<AlertSetting>
{
    public void Configure(EntityTypeBuilder<AlertSetting> setting)
    {
        setting.ToTable("alert_settings", table => table.HasCheckConstraint(
            "ck_alert_settings_threshold", "threshold_e4 > 0"));
        setting.HasKey(s => new { s.TenantId, s.Unit });
        setting.HasCode(s => s.Unit).UseCollation("C");
    }
}
