using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Stripe.Events;

/// <summary><c>/v1/events</c>: what happened in the last 30 days, newest first.</summary>
internal static class EventEndpoints
{
    private const int TypesMax = 20;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static void MapEvents(this StripeRoutes routes)
    {
        routes.Get("/events", $"type types created delivery_success {StripeRoutes.Paging}", List);
        routes.Get("/events/{id}", "", call => View(call.Find<StripeEvent>("event"), call));
    }

    private static JsonObject List(StripeCall call)
    {
        var types = call.Form.Texts("types").ToHashSet(StringComparer.Ordinal);
        if (types.Count > TypesMax)
        {
            throw StripeError.Invalid($"You may pass at most {TypesMax} types.", "types");
        }

        if (call.Form.Filled("type") is { } type)
        {
            types.Add(type);
        }

        var created = TimeFilter.Of(call.Form, "created");
        var oldest = (call.Now - Kept).ToUnixTimeSeconds();
        bool? delivered = call.Form.Filled("delivery_success") is null ? null : call.Form.Flag("delivery_success");
        var page = StripeView.Page<StripeEvent>(call, "/v1/events", "event", one =>
            one.Created >= oldest && created.Fits(one.Created)
            && (types.Count == 0 || types.Any(wanted => Fits(wanted, one.Type)))
            && (delivered is null || delivered == IsDelivered(one, call.Change)));
        foreach (var item in page["data"]!.AsArray())
        {
            item!["pending_webhooks"] = Pending((string)item["id"]!, call.Change);
        }

        return page;
    }

    private static JsonObject View(StripeEvent entry, StripeCall call)
    {
        var view = StripeView.Of(entry);
        view["pending_webhooks"] = Pending(entry.Id, call.Change);
        return view;
    }

    private static bool Fits(string wanted, string type) => wanted.EndsWith(".*", StringComparison.Ordinal)
        ? type.StartsWith(wanted[..^1], StringComparison.Ordinal)
        : wanted == type;

    private static bool IsDelivered(StripeEvent entry, Change change) =>
        change.Find<WebhookDelivery>(entry.Id) is null or { State: DeliveryState.Delivered };

    private static int Pending(string id, Change change) =>
        change.Find<WebhookDelivery>(id)?.State is DeliveryState.Pending or DeliveryState.Held ? 1 : 0;
}
