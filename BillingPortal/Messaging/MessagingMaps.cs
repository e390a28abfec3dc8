using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Messaging;

/// <summary>Table <c>sms_messages</c>.</summary>
internal sealed class SmsMessageMap : IEntityTypeConfiguration<SmsMessage>
{
    public void Configure(EntityTypeBuilder<SmsMessage> message)
    {
        message.ToTable("sms_messages", table =>
        {
            table.HasCheckConstraint("ck_sms_messages_price", "price_e4 >= 0 AND segments >= 0");
            table.HasCheckConstraint(
                "ck_sms_messages_charged",
                "payment NOT IN ('charged', 'refunded') OR entry_seq IS NOT NULL OR reservation_id IS NOT NULL");
            table.HasCheckConstraint("ck_sms_messages_received", "(direction = 'inbound') = (state = 'received')");
        });
        message.Property(row => row.Id).ValueGeneratedNever();
        message.Ignore(row => row.From).Ignore(row => row.To);
        message.Ignore(row => row.Price).Ignore(row => row.IsWithoutReport);
        message.HasCode(row => row.Direction);
        message.HasCode(row => row.State);
        message.HasCode(row => row.Payment);
        message.HasCode(row => row.Unit);
        message.HasIndex(row => row.ProviderSid).IsUnique().HasFilter("provider_sid IS NOT NULL");
        message.HasIndex(row => row.ReplyToId).IsUnique().HasFilter("reply_to_id IS NOT NULL");
        message.HasIndex(row => row.RequestKey).IsUnique().HasFilter("request_key IS NOT NULL");
        message.HasIndex(row => new { row.TenantId, row.CreatedAt, row.Id });
        message.HasIndex(row => new { row.TenantId, row.CreatedAt, row.Id }, "ix_sms_messages_unpaid")
            .HasFilter("payment = 'unpaid'");
        message.HasIndex(row => new { row.CheckAt, row.Id }).HasFilter("check_at IS NOT NULL")
            .HasDatabaseName("ix_sms_messages_check");
    }
}

/// <summary>Table <c>sms_steps</c>: each state once per message.</summary>
internal sealed class SmsStepMap : IEntityTypeConfiguration<SmsStep>
{
    public void Configure(EntityTypeBuilder<SmsStep> step)
    {
        step.ToTable("sms_steps");
        step.HasKey(row => new { row.MessageId, row.State });
        step.HasCode(row => row.State);
    }
}

/// <summary>Table <c>sms_opt_outs</c>.</summary>
internal sealed class SmsOptOutMap : IEntityTypeConfiguration<SmsOptOut>
{
    public void Configure(EntityTypeBuilder<SmsOptOut> optOut)
    {
        optOut.ToTable("sms_opt_outs");
        optOut.HasKey(row => new { row.TenantId, row.Number, row.Peer });
        optOut.HasCode(row => row.Source);
    }
}

/// <summary>Table <c>sms_settings</c>.</summary>
internal sealed class SmsSettingsMap : IEntityTypeConfiguration<SmsSettings>
{
    public void Configure(EntityTypeBuilder<SmsSettings> settings)
    {
        settings.ToTable("sms_settings", table => table.HasCheckConstraint(
            "ck_sms_settings", "per_minute_max > 0 AND length(auto_reply) BETWEEN 1 AND 1600"));
        settings.HasKey(row => row.TenantId);
    }
}

/// <summary>Table <c>sms_rates</c>: one row per tenant, locked by every send until its commit.</summary>
internal sealed class SmsRateMap : IEntityTypeConfiguration<SmsRate>
{
    public void Configure(EntityTypeBuilder<SmsRate> rate)
    {
        rate.ToTable("sms_rates", table => table.HasCheckConstraint("ck_sms_rates_used", "used > 0"));
        rate.HasKey(row => row.TenantId);
    }
}
