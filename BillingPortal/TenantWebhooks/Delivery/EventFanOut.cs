using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.TenantWebhooks.Endpoints;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>
/// Turns an event into one delivery per endpoint that wants it, once: the message's row is the mark. A disabled endpoint's is
/// kept as skipped, so that a person can have it sent later.
/// </summary>
internal sealed class EventFanOut(Database database, NewDeliveries queue, TimeProvider clock) : IOutboxHandler
{
    public string Kind => EventMessage.OutboxKind;

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var (tenantId, told) = (message.TenantId!.Value, message.Read<EventMessage>());
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var endpoints = await WantedByAsync(unit, tenantId, told.Type, cancellationToken);
        if (endpoints.Count == 0 || !await MarkAsync(unit, tenantId, told, cancellationToken))
        {
            return;
        }

        foreach (var endpoint in endpoints)
        {
            unit.Db.Add(queue.Of(endpoint, told.Id));
        }

        queue.Ring(unit);
        await unit.CommitAsync(cancellationToken);
    }

    // Locked against being disabled meanwhile, which would leave a delivery waiting for nobody.
    private static Task<List<WebhookEndpoint>> WantedByAsync(
        UnitOfWork unit, Guid tenantId, string type, CancellationToken cancellationToken) =>
        unit.Db.Set<WebhookEndpoint>().FromSql(
            $"""
            SELECT * FROM tenant_webhook_endpoints
            WHERE tenant_id = {tenantId} AND (events = ARRAY[]::text[] OR {type} = ANY (events)) ORDER BY id FOR SHARE
            """).AsNoTracking().ToListAsync(cancellationToken);

    private async Task<bool> MarkAsync(
        UnitOfWork unit, Guid tenantId, EventMessage told, CancellationToken cancellationToken)
    {
        await using var insert = unit.Command(
            """
            INSERT INTO tenant_webhook_messages (id, tenant_id, type, body, occurred_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """,
            told.Id, tenantId, told.Type, told.Body, told.OccurredAt.ToUniversalTime(), clock.GetUtcNow());
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
