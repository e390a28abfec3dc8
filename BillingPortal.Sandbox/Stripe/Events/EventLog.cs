using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Stripe.Events;

/// <summary>Writes events within the change that causes them, and passes them on to the portal.</summary>
internal sealed class EventLog(WebhookSettings settings, WebhookOutbox outbox)
{
    public void Add(StripeCall call, string type, IRecord subject, JsonObject? previous = null)
    {
        var data = new JsonObject { ["object"] = StripeView.Of(subject) };
        if (previous is not null)
        {
            data["previous_attributes"] = previous;
        }

        var entry = new StripeEvent
        {
            Id = StripeIds.New("evt"),
            Created = call.Created,
            Data = data,
            Request = new EventRequest(call.RequestId, call.IdempotencyKey),
            Type = type,
        };
        var rule = settings.Take(type);
        outbox.Enqueue(call.Change, entry, rule);
        if (rule?.Mode == WebhookMode.Twin)
        {
            outbox.Enqueue(call.Change, entry with { Id = StripeIds.New("evt") }, null);
        }
    }
}
