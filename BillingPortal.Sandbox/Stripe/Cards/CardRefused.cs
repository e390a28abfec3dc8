using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>HTTP 402: the issuer said no. What was recorded of the attempt stays.</summary>
internal static class CardRefused
{
    public static StripeError ForAttach(PaymentMethod method, Decline decline) =>
        Error(decline, method, new JsonObject());

    public static StripeError ForSetup(Decline decline, PaymentMethod method, JsonObject intent) =>
        Error(decline, method, new JsonObject { ["setup_intent"] = intent });

    public static StripeError ForPayment(Decline decline, PaymentMethod method, JsonObject intent, string charge) =>
        Error(decline, method, new JsonObject { ["charge"] = charge, ["payment_intent"] = intent });

    /// <summary>The same facts as the intent remembers them.</summary>
    public static JsonObject Remembered(Decline decline, PaymentMethod method, string? charge)
    {
        var error = decline.ToJson();
        error["payment_method"] = StripeView.Of(method);
        if (charge is not null)
        {
            error["charge"] = charge;
        }

        return error;
    }

    private static StripeError Error(Decline decline, PaymentMethod method, JsonObject more)
    {
        foreach (var (name, value) in decline.ToJson())
        {
            if (name is not ("type" or "code" or "message" or "doc_url"))
            {
                more[name] = value?.DeepClone();
            }
        }

        more["payment_method"] = StripeView.Of(method);
        return new StripeError(402, "card_error", decline.Code, decline.Message) { Executed = true, More = more };
    }
}
