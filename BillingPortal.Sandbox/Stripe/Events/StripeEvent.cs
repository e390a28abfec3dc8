using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Stripe.Events;

/// <summary>A fact with a snapshot of its object, as Stripe lists and sends it.</summary>
internal sealed record StripeEvent : IWebhookMessage
{
    public required string Id { get; init; }

    public string Object => "event";

    public string ApiVersion => SandboxOptions.StripeVersion;

    public long Created { get; init; }

    public required JsonObject Data { get; init; }

    public bool Livemode => false;

    public int PendingWebhooks { get; init; } = 1;

    public EventRequest? Request { get; init; }

    public required string Type { get; init; }

    string IWebhookMessage.Provider => WebhookMessages.Stripe;

    public string Render() => StripeView.Of(this).ToJsonString(Storage.SandboxJson.Public);
}

/// <summary>The call that caused an event.</summary>
internal sealed record EventRequest(string? Id, string? IdempotencyKey);
