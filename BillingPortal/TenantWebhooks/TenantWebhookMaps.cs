using BillingPortal.Data;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.TenantWebhooks;

/// <summary>Table <c>tenant_webhook_endpoints</c>.</summary>
internal sealed class WebhookEndpointMap : IEntityTypeConfiguration<WebhookEndpoint>
{
    public const int UrlMax = 500;
    public const int DescriptionMax = 200;

    public void Configure(EntityTypeBuilder<WebhookEndpoint> endpoint)
    {
        endpoint.ToTable("tenant_webhook_endpoints", table =>
        {
            table.HasCheckConstraint(
                "ck_tenant_webhook_endpoints_disabled",
                "(state = 'disabled') = (disabled_reason IS NOT NULL) AND (state = 'disabled') = (disabled_at IS NOT NULL)");
            table.HasCheckConstraint(
                "ck_tenant_webhook_endpoints_old_secret", "(old_secret IS NULL) = (old_secret_until IS NULL)");
        });
        endpoint.HasCode(e => e.State);
        endpoint.HasCode(e => e.DisabledReason);
        endpoint.Property(e => e.Id).ValueGeneratedNever();
        endpoint.Property(e => e.Url).HasMaxLength(UrlMax);
        endpoint.Property(e => e.Description).HasMaxLength(DescriptionMax);
        endpoint.Property(e => e.CreatedBy).HasMaxLength(200);
        endpoint.HasOne<Tenant>().WithMany().HasForeignKey(e => e.TenantId).OnDelete(DeleteBehavior.Restrict);
        endpoint.HasIndex(e => e.TenantId);
    }
}

/// <summary>Table <c>tenant_webhook_messages</c>.</summary>
internal sealed class WebhookMessageMap : IEntityTypeConfiguration<WebhookMessage>
{
    public void Configure(EntityTypeBuilder<WebhookMessage> message)
    {
        message.ToTable("tenant_webhook_messages");
        message.Property(m => m.Id).ValueGeneratedNever();
        message.Property(m => m.Type).HasMaxLength(60);
        message.HasIndex(m => m.CreatedAt);
    }
}

/// <summary>Table <c>tenant_webhook_deliveries</c>. It goes with its endpoint and with its message.</summary>
internal sealed class WebhookDeliveryMap : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("tenant_webhook_deliveries", table =>
        {
            table.HasCheckConstraint("ck_tenant_webhook_deliveries_lease", "(lease_id IS NULL) = (leased_until IS NULL)");
            table.HasCheckConstraint(
                "ck_tenant_webhook_deliveries_ended", "(state = 'pending') = (ended_at IS NULL)");
        });
        delivery.HasCode(d => d.State);
        delivery.Property(d => d.Id).ValueGeneratedNever();
        delivery.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(d => d.EndpointId).OnDelete(DeleteBehavior.Cascade);
        delivery.HasOne<WebhookMessage>().WithMany().HasForeignKey(d => d.MessageId).OnDelete(DeleteBehavior.Cascade);
        delivery.HasIndex(d => d.MessageId);
        delivery.HasIndex(d => new { d.EndpointId, d.MessageId }).IsUnique();
        delivery.HasIndex(d => new { d.EndpointId, d.CreatedAt, d.Id });
        delivery.HasIndex(d => new { d.EndpointId, d.DueAt, d.Id })
            .HasDatabaseName("ix_tenant_webhook_deliveries_waiting").HasFilter("state = 'pending'");
        delivery.HasIndex(d => d.EndpointId)
            .HasDatabaseName("ix_tenant_webhook_deliveries_leased").HasFilter("leased_until IS NOT NULL");
        delivery.HasIndex(d => d.DueAt)
            .HasDatabaseName("ix_tenant_webhook_deliveries_due").HasFilter("state = 'pending'");
    }
}

/// <summary>Table <c>tenant_webhook_attempts</c>.</summary>
internal sealed class DeliveryAttemptMap : IEntityTypeConfiguration<DeliveryAttempt>
{
    public void Configure(EntityTypeBuilder<DeliveryAttempt> attempt)
    {
        attempt.ToTable("tenant_webhook_attempts");
        attempt.Property(a => a.Id).ValueGeneratedNever();
        attempt.HasOne<WebhookDelivery>().WithMany().HasForeignKey(a => a.DeliveryId).OnDelete(DeleteBehavior.Cascade);
        attempt.HasIndex(a => a.DeliveryId);
    }
}
