using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>An endpoint of the past with what it was sent: disabled, so that nothing is sent there.</summary>
internal static class StoredEndpoint
{
    public static async Task<Guid> AddAsync(Database database, Guid tenantId, string url, params string[] types)
    {
        var now = TimeProvider.System.GetUtcNow();
        var endpoint = new WebhookEndpoint
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Url = url,
            State = EndpointState.Disabled,
            DisabledReason = DisableReason.ByHand,
            DisabledAt = now,
            Secret = "of no use",
            CreatedAt = now,
            CreatedBy = "test",
        };
        await using var unit = await database.BeginAsync(tenantId);
        unit.Db.Add(endpoint);
        await unit.Db.SaveChangesAsync();
        foreach (var (index, type) in types.Index())
        {
            var at = now.AddSeconds(index - types.Length);
            var message = new WebhookMessage
            {
                Id = Ids.New(),
                TenantId = tenantId,
                Type = type,
                Body = "{}",
                OccurredAt = at,
                CreatedAt = at,
            };
            unit.Db.Add(message);
            await unit.Db.SaveChangesAsync();
            unit.Db.Add(new WebhookDelivery
            {
                Id = Ids.New(),
                TenantId = tenantId,
                EndpointId = endpoint.Id,
                MessageId = message.Id,
                State = DeliveryState.Failed,
                Tries = 10,
                DueAt = at,
                CreatedAt = at,
                EndedAt = at,
                LastStatus = 500,
                LastError = "=1+1 was answered",
            });
        }

        await unit.CommitAsync();
        return endpoint.Id;
    }
}
