using BillingPortal.TenantWebhooks.Events;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>A delivery that this process alone may send, for as long as its lease lasts.</summary>
/// <param name="Tries">Begun in this series, the present one included.</param>
/// <param name="Secret">Encrypted, as the one before it.</param>
internal sealed record ClaimedDelivery(
    Guid Id, Guid TenantId, Guid EndpointId, Guid MessageId, Guid LeaseId, int Tries, Uri Url, string Body, string Secret,
    string? OldSecret)
{
    public string PublicId => EventMessage.PublicId(MessageId);
}
