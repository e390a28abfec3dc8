using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Endpoints;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>How deliveries begin, and how the dispatchers of all processes hear of them.</summary>
public sealed class NewDeliveries(TimeProvider clock)
{
    /// <summary>The NOTIFY channel.</summary>
    internal const string Channel = "tenant_webhooks";

    internal WebhookDelivery Of(WebhookEndpoint endpoint, Guid messageId)
    {
        var (now, waits) = (clock.GetUtcNow(), endpoint.State is EndpointState.Enabled);
        return new WebhookDelivery
        {
            Id = Ids.New(),
            TenantId = endpoint.TenantId,
            EndpointId = endpoint.Id,
            MessageId = messageId,
            State = waits ? DeliveryState.Pending : DeliveryState.Skipped,
            DueAt = now,
            CreatedAt = now,
            EndedAt = waits ? null : now,
        };
    }

    /// <summary>At the unit's commit.</summary>
    internal void Ring(UnitOfWork unit) => unit.BeforeCommit(async cancellationToken =>
    {
        await using var notify = unit.Command("SELECT pg_notify($1, '')", Channel);
        await notify.ExecuteNonQueryAsync(cancellationToken);
    });
}
