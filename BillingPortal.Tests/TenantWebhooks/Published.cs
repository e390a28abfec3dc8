using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>The events that a tenant's rooms have published, read from the outbox.</summary>
internal static class Published
{
    public static async Task<List<EventMessage>> EventsAsync(this Database database, Guid tenantId)
    {
        await using var unit = await database.BeginOpsAsync();
        var messages = await unit.Db.Set<OutboxMessage>().AsNoTracking()
            .Where(message => message.TenantId == tenantId && message.Kind == EventMessage.OutboxKind)
            .OrderBy(message => message.Id).ToListAsync();
        return messages.ConvertAll(message => message.Read<EventMessage>());
    }

    /// <summary>Their codes by the alphabet: rows of one commit have no order of their own.</summary>
    public static async Task<string[]> EventTypesAsync(this Database database, Guid tenantId) =>
        [.. (await database.EventsAsync(tenantId)).Select(one => one.Type).Order(StringComparer.Ordinal)];
}
