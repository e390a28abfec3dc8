using BillingPortal.Data;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>One delivery with what it is about.</summary>
public sealed record DeliveryRow(WebhookDelivery Delivery, string Type, DateTimeOffset OccurredAt);

/// <summary>An endpoint with a page of its deliveries, newest first.</summary>
/// <param name="Undelivered">Failed or not sent, in all; counted up to <see cref="EndpointReader.CountMax"/>.</param>
public sealed record EndpointBoard(
    WebhookEndpoint Endpoint, IReadOnlyList<DeliveryRow> Deliveries, WebhookCursor? Next, int Undelivered);

/// <summary>One delivery's body and tries, newest first.</summary>
public sealed record DeliveryDetails(DeliveryRow Row, string Body, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>Reads endpoints and deliveries under the tenant's own role. Never a secret's text.</summary>
public sealed class EndpointReader(Database database)
{
    public const int PageSize = 25;
    public const int CountMax = 1000;
    private const int AttemptsMax = 50;

    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<WebhookEndpoint>().AsNoTracking()
            .OrderBy(endpoint => endpoint.CreatedAt).ThenBy(endpoint => endpoint.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Null when the tenant has no such endpoint.</summary>
    public async Task<EndpointBoard?> BoardAsync(
        Guid tenantId, Guid endpointId, DeliveryState? state, WebhookCursor? before,
        CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var endpoint = await unit.Db.Set<WebhookEndpoint>().AsNoTracking()
            .SingleOrDefaultAsync(one => one.Id == endpointId, cancellationToken);
        if (endpoint is null)
        {
            return null;
        }

        var all = unit.Db.Set<WebhookDelivery>().AsNoTracking().Where(one => one.EndpointId == endpointId);
        var undelivered = await all.Where(one => one.State == DeliveryState.Failed || one.State == DeliveryState.Skipped)
            .Take(CountMax).CountAsync(cancellationToken);
        var chosen = state is null ? all : all.Where(one => one.State == state);
        if (before is var (at, id))
        {
            chosen = chosen.Where(one => one.CreatedAt < at || (one.CreatedAt == at && one.Id.CompareTo(id) < 0));
        }

        var found = await RowsOf(unit, chosen.OrderByDescending(one => one.CreatedAt).ThenByDescending(one => one.Id).Take(PageSize + 1))
            .ToListAsync(cancellationToken);
        var rows = found.Take(PageSize).ToList();
        var next = found.Count > PageSize
            ? new WebhookCursor(rows[^1].Delivery.CreatedAt, rows[^1].Delivery.Id)
            : default(WebhookCursor?);
        return new EndpointBoard(endpoint, rows, next, undelivered);
    }

    /// <summary>Deliveries with the address that they are for, newest first. Null when the tenant has no such endpoint.</summary>
    public async Task<(string Url, IReadOnlyList<DeliveryRow> Rows)?> DeliveriesAsync(
        Guid tenantId, Guid endpointId, int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var url = await unit.Db.Set<WebhookEndpoint>().Where(one => one.Id == endpointId && one.TenantId == tenantId)
            .Select(one => one.Url).SingleOrDefaultAsync(cancellationToken);
        return url is null
            ? null
            : (url, await RowsOf(unit, unit.Db.Set<WebhookDelivery>().AsNoTracking().Where(one => one.EndpointId == endpointId)
                .OrderByDescending(one => one.CreatedAt).ThenByDescending(one => one.Id).Take(most))
                .ToListAsync(cancellationToken));
    }

    /// <summary>Null when the endpoint has no such delivery, or no longer.</summary>
    public async Task<DeliveryDetails?> DetailsAsync(
        Guid tenantId, Guid endpointId, Guid deliveryId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var row = await RowsOf(unit, unit.Db.Set<WebhookDelivery>().AsNoTracking()
            .Where(one => one.Id == deliveryId && one.EndpointId == endpointId)).SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return null;
        }

        var body = await unit.Db.Set<WebhookMessage>().Where(message => message.Id == row.Delivery.MessageId)
            .Select(message => message.Body).SingleAsync(cancellationToken);
        var attempts = await unit.Db.Set<DeliveryAttempt>().AsNoTracking().Where(one => one.DeliveryId == deliveryId)
            .OrderByDescending(one => one.At).ThenByDescending(one => one.Id).Take(AttemptsMax).ToListAsync(cancellationToken);
        return new DeliveryDetails(row, body, attempts);
    }

    private static IQueryable<DeliveryRow> RowsOf(UnitOfWork unit, IQueryable<WebhookDelivery> deliveries) =>
        from delivery in deliveries
        join message in unit.Db.Set<WebhookMessage>() on delivery.MessageId equals message.Id
        orderby delivery.CreatedAt descending, delivery.Id descending
        select new DeliveryRow(delivery, message.Type, message.OccurredAt);
}
