using BillingPortal.Components.Shared;
using BillingPortal.TenantWebhooks.Endpoints;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>What is asked before an endpoint is disabled or removed. Pure.</summary>
public static class EndpointQuestions
{
    public static ChargeQuestion Disable(WebhookEndpoint endpoint) => new(
        "Disable this endpoint?",
        "Nothing is sent there until you enable it again. What happens meanwhile is kept for 30 days, and you can have it sent then.",
        Facts(endpoint), "Disable the endpoint");

    public static ChargeQuestion Remove(WebhookEndpoint endpoint) => new(
        "Remove this endpoint?",
        "Nothing is sent there any more, and its list of deliveries is deleted. This cannot be undone.",
        Facts(endpoint), "Remove the endpoint", IsDestructive: true);

    private static KeyValuePair<string, string>[] Facts(WebhookEndpoint endpoint) =>
        [new("Address", EndpointTexts.Shown(endpoint.Url)), new("Events", EndpointTexts.EventsOf(endpoint))];
}
