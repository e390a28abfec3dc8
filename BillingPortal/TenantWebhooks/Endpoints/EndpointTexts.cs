using BillingPortal.Components.Shared;
using BillingPortal.TenantWebhooks.Delivery;

namespace BillingPortal.TenantWebhooks.Endpoints;

/// <summary>Words about endpoints and deliveries, for pages and the audit log. Pure.</summary>
public static class EndpointTexts
{
    /// <summary>The address without its query, which may hold a secret.</summary>
    public static string Shown(string url) =>
        url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? url[..query] + "?…" : url;

    public static string EventsOf(WebhookEndpoint endpoint) =>
        endpoint.Events.Length == 0 ? "All events" : string.Join(", ", endpoint.Events);

    public static string StateOf(WebhookEndpoint endpoint) => endpoint switch
    {
        { State: EndpointState.Disabled, DisabledReason: DisableReason.Failing } => "Disabled after failures",
        { State: EndpointState.Disabled, DisabledReason: DisableReason.Gone } => "Disabled: answered 410",
        { State: EndpointState.Disabled } => "Disabled",
        { FailingSince: not null } => "Failing",
        { LastSuccessAt: null } => "Ready",
        _ => "Working",
    };

    public static StatusTone ToneOf(WebhookEndpoint endpoint) => endpoint switch
    {
        { State: EndpointState.Disabled, DisabledReason: DisableReason.ByHand } => StatusTone.Neutral,
        { State: EndpointState.Disabled } => StatusTone.Bad,
        { FailingSince: not null } => StatusTone.Warning,
        { LastSuccessAt: null } => StatusTone.Neutral,
        _ => StatusTone.Good,
    };

    public static string StateOf(DeliveryState state) => state switch
    {
        DeliveryState.Pending => "Waiting",
        DeliveryState.Delivered => "Delivered",
        DeliveryState.Failed => "Failed",
        DeliveryState.Skipped => "Not delivered",
    };

    public static StatusTone ToneOf(DeliveryState state) => state switch
    {
        DeliveryState.Pending => StatusTone.Info,
        DeliveryState.Delivered => StatusTone.Good,
        DeliveryState.Failed => StatusTone.Bad,
        DeliveryState.Skipped => StatusTone.Neutral,
    };

    /// <summary>What a refusal is in words; null where the change was made.</summary>
    public static string? RefusalOf(EndpointResult result, int endpointsMax) => result.Outcome switch
    {
        EndpointOutcome.Done => null,
        EndpointOutcome.BadAddress => result.Fault,
        EndpointOutcome.DescriptionTooLong => $"Use at most {WebhookEndpointMap.DescriptionMax} characters.",
        EndpointOutcome.NoEvents => "Choose at least one event, or all of them.",
        EndpointOutcome.TooMany => $"You have {endpointsMax} endpoints, the most there may be. Remove one first.",
        EndpointOutcome.NotThere => "It is not there any more. The list shows what is.",
        EndpointOutcome.NotAllowed => "Your role does not allow this any more. Ask an owner of the account.",
        EndpointOutcome.Disabled => "The endpoint is disabled. Enable it first.",
        EndpointOutcome.TooManyTests => $"At most {ReplayService.TestsPerHour} tests an hour are sent. Wait a little.",
        EndpointOutcome.Waiting => "It waits for its next try already.",
    };
}
