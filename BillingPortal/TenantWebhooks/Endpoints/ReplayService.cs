using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.TenantWebhooks.Endpoints;

/// <summary>
/// Sends what a person asks for: a test, one delivery again, or all that failed. A replay has the id and the body of the first
/// time, so that receivers can tell it from a new event. Recorded in the audit log.
/// </summary>
public sealed class ReplayService(Database database, NewDeliveries queue, AuditLog audit, TimeProvider clock)
{
    public const int TestsPerHour = 30;
    public const int ReplaysMax = 10_000;

    private const string Again = "state = 'pending', tries = 0, due_at = $2, ended_at = NULL";

    /// <summary>An event <c>webhook.test</c> to this endpoint alone, whatever it has chosen.</summary>
    public Task<EndpointResult> SendTestAsync(
        Guid tenantId, Actor actor, Guid endpointId, CancellationToken cancellationToken = default) =>
        EnterAsync(tenantId, actor, endpointId, async (unit, endpoint) =>
        {
            var now = clock.GetUtcNow();
            var recent = await unit.Db.Set<WebhookMessage>().CountAsync(
                message => message.Type == TenantEvent.Test.ToCode() && message.CreatedAt > now.AddHours(-1), cancellationToken);
            if (recent >= TestsPerHour)
            {
                return new EndpointResult(EndpointOutcome.TooManyTests);
            }

            var told = EventMessage.Of(Ids.New(), TenantEvent.Test, new TestData("A test that somebody asked for."), now);
            unit.Db.Add(new WebhookMessage
            {
                Id = told.Id,
                TenantId = tenantId,
                Type = told.Type,
                Body = told.Body,
                OccurredAt = now,
                CreatedAt = now,
            });
            var delivery = queue.Of(endpoint, told.Id);
            unit.Db.Add(delivery);
            Record(unit, actor, endpoint, "webhook.test_sent", "A test was sent to");
            return new EndpointResult(EndpointOutcome.Done, delivery.Id, Count: 1);
        }, cancellationToken);

    /// <summary>One delivery from its first try on, delivered or not.</summary>
    public Task<EndpointResult> ReplayAsync(
        Guid tenantId, Actor actor, Guid endpointId, Guid deliveryId, CancellationToken cancellationToken = default) =>
        EnterAsync(tenantId, actor, endpointId, async (unit, endpoint) =>
        {
            await using var again = unit.Command(
                $"""
                UPDATE tenant_webhook_deliveries SET {Again}
                WHERE id = $1 AND endpoint_id = $3 AND state <> 'pending' AND (leased_until IS NULL OR leased_until <= now())
                """,
                deliveryId, clock.GetUtcNow(), endpointId);
            if (await again.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return new EndpointResult(await ExistsAsync(unit, endpointId, deliveryId, cancellationToken)
                    ? EndpointOutcome.Waiting
                    : EndpointOutcome.NotThere);
            }

            Record(unit, actor, endpoint, "webhook.replayed", $"Delivery {deliveryId} was sent again to");
            return new EndpointResult(EndpointOutcome.Done, deliveryId, Count: 1);
        }, cancellationToken);

    /// <summary>Everything since then that failed or was not sent, oldest first, so many at once at most.</summary>
    public Task<EndpointResult> ReplayFailedAsync(
        Guid tenantId, Actor actor, Guid endpointId, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        EnterAsync(tenantId, actor, endpointId, async (unit, endpoint) =>
        {
            await using var again = unit.Command(
                $"""
                UPDATE tenant_webhook_deliveries SET {Again} WHERE id IN (
                  SELECT id FROM tenant_webhook_deliveries
                  WHERE endpoint_id = $1 AND created_at >= $3 AND state IN ('failed', 'skipped')
                    AND (leased_until IS NULL OR leased_until <= now())
                  ORDER BY created_at, id LIMIT $4)
                """,
                endpointId, clock.GetUtcNow(), since.ToUniversalTime(), ReplaysMax);
            var count = await again.ExecuteNonQueryAsync(cancellationToken);
            if (count > 0)
            {
                Record(
                    unit, actor, endpoint, "webhook.replayed",
                    $"{count} deliveries since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC were sent again to");
            }

            return new EndpointResult(EndpointOutcome.Done, endpointId, Count: count);
        }, cancellationToken);

    private async Task<EndpointResult> EnterAsync(
        Guid tenantId, Actor actor, Guid endpointId, Func<UnitOfWork, WebhookEndpoint, Task<EndpointResult>> send,
        CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (!await EndpointGate.MaySendAsync(unit, tenantId, actor, cancellationToken))
        {
            return new EndpointResult(EndpointOutcome.NotAllowed);
        }

        // Locked against being disabled, and so that the hour's tests are counted one after the other.
        var endpoint = await DeliveryBook.LockAsync(unit, tenantId, endpointId, cancellationToken);
        if (endpoint is not { State: EndpointState.Enabled })
        {
            return new EndpointResult(endpoint is null ? EndpointOutcome.NotThere : EndpointOutcome.Disabled);
        }

        var result = await send(unit, endpoint);
        queue.Ring(unit);
        await unit.CommitAsync(cancellationToken);
        return result;
    }

    private static Task<bool> ExistsAsync(
        UnitOfWork unit, Guid endpointId, Guid deliveryId, CancellationToken cancellationToken) =>
        unit.Db.Set<WebhookDelivery>().AnyAsync(
            delivery => delivery.Id == deliveryId && delivery.EndpointId == endpointId, cancellationToken);

    private void Record(UnitOfWork unit, Actor actor, WebhookEndpoint endpoint, string action, string done) =>
        audit.Record(unit, new AuditRecord(
            endpoint.TenantId, actor, action, "webhook_endpoint", endpoint.Id.ToString(),
            $"{done} {EndpointTexts.Shown(endpoint.Url)}."));
}
