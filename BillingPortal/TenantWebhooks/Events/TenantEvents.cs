using BillingPortal.Data;
using BillingPortal.Outbox;

namespace BillingPortal.TenantWebhooks.Events;

/// <summary>
/// The door for the other rooms: says that something happened to a tenant, in the transaction in which it happens. Which
/// endpoints hear of it is found after the commit; a tenant without any costs one outbox row.
/// </summary>
public sealed class TenantEvents(OutboxWriter outbox, TimeProvider clock)
{
    /// <param name="unit">The event exists exactly when this unit commits.</param>
    /// <param name="tenantId">Whom it concerns.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="data">One of the records of <c>EventData.cs</c>: ids, amounts with their unit, times; never a secret.</param>
    /// <param name="key">Names the fact: the same tenant, kind and key are one event, with one id, however often published.</param>
    /// <param name="occurredAt">Null: now.</param>
    public void Publish(
        UnitOfWork unit, Guid tenantId, TenantEvent kind, object data, string key, DateTimeOffset? occurredAt = null)
    {
        var message = EventMessage.Of(tenantId, kind, data, key, occurredAt ?? clock.GetUtcNow());
        outbox.Enqueue(unit, EventMessage.OutboxKind, tenantId, message, key: $"{message.Type}:{key}");
    }
}
