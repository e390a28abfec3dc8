using BillingPortal.Providers.Payments;

namespace BillingPortal.Webhooks;

/// <summary>An event whose signature was found good, about to be kept.</summary>
/// <param name="Id">Of the event within its provider: what comes again under it is known.</param>
/// <param name="ObjectId">What it is about.</param>
/// <param name="OccurredAt">By the provider's clock, or ours where the provider names none.</param>
/// <param name="Body">Readable text without U+0000, as the router wants it.</param>
public sealed record ArrivedEvent(string Id, string Type, string? ObjectId, DateTimeOffset OccurredAt, string Body)
{
    public static ArrivedEvent From(ProviderEvent stripe) =>
        new(stripe.Id, stripe.Type, stripe.ObjectId, stripe.CreatedAt, stripe.Body);
}
