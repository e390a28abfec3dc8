using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>The <c>previous_attributes</c> of an update event.</summary>
internal static class Changes
{
    public static JsonObject Between(IRecord before, IRecord after)
    {
        var old = StripeView.Of(before);
        var now = StripeView.Of(after);
        var changed = new JsonObject();
        foreach (var (name, value) in old)
        {
            if (!JsonNode.DeepEquals(value, now[name]))
            {
                changed[name] = value?.DeepClone();
            }
        }

        return changed;
    }
}
