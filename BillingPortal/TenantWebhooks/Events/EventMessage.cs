using System.Text.Json;
using BillingPortal.Kernel;

namespace BillingPortal.TenantWebhooks.Events;

/// <summary>An event on its way to the endpoints. The body is made once: every try sends, and signs, the same bytes.</summary>
/// <param name="Id">The same for the same fact.</param>
/// <param name="Type">The event's code.</param>
public sealed record EventMessage(Guid Id, string Type, DateTimeOffset OccurredAt, string Body)
{
    /// <summary>The outbox message's kind.</summary>
    public const string OutboxKind = "tenant.event";

    /// <summary>Of every payload. It rises when a field changes its meaning or goes away; new fields do not raise it.</summary>
    public const int Version = 1;

    /// <summary>The id as receivers see it, in the body and as <c>webhook-id</c>.</summary>
    public static string PublicId(Guid id) => $"evt_{id:N}";

    internal static EventMessage Of(Guid tenantId, TenantEvent kind, object data, string key, DateTimeOffset occurredAt) =>
        Of(Ids.FromName("tenant-event", tenantId.ToString(), kind.ToCode(), key), kind, data, occurredAt);

    internal static EventMessage Of(Guid id, TenantEvent kind, object data, DateTimeOffset occurredAt)
    {
        var body = JsonSerializer.Serialize(
            new Envelope(PublicId(id), kind.ToCode(), Version, occurredAt, data), EventJson.Options);
        return new EventMessage(id, kind.ToCode(), occurredAt, body);
    }

    // Serialised in this order.
    private sealed record Envelope(string Id, string Type, int Version, DateTimeOffset OccurredAt, object Data);
}
