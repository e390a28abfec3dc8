using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>
/// The bank's side of 3-D Secure: the person completes or fails it. The path is the sandbox's own; at Stripe this is
/// between Stripe.js and the bank.
/// </summary>
internal static class Challenges
{
    public static void MapChallenges(this StripeRoutes routes) => routes.Post(
        "/sandbox/challenge", "outcome", call => AnswerAsked(call), KeyKind.SecretOrPublishable);

    /// <summary>Ends the challenge of the intent; 400 when none is open.</summary>
    public static JsonObject Answer(StripeCall call, string intentId, bool isAuthenticated)
    {
        if (call.Change.Find<PaymentIntent>(intentId) is { Status: IntentStatus.RequiresAction } payment)
        {
            return PaymentIntents.View(call, PaymentFlow.Answer(call, payment, isAuthenticated));
        }

        if (call.Change.Find<SetupIntent>(intentId) is { Status: IntentStatus.RequiresAction } setup)
        {
            return IntentRules.View(call, StripeView.Of(SetupIntents.Answer(call, setup, isAuthenticated)));
        }

        throw StripeError.Invalid($"No authentication is open for {intentId}.", "client_secret");
    }

    private static JsonObject AnswerAsked(StripeCall call)
    {
        var secret = call.Form.Required("client_secret");
        var id = secret.Split("_secret_")[0];
        var known = call.Change.Find<PaymentIntent>(id)?.ClientSecret
            ?? call.Change.Find<SetupIntent>(id)?.ClientSecret;
        if (known != secret)
        {
            throw StripeError.NoSuch("intent", id, "client_secret");
        }

        return Answer(call, id, call.Form.Required("outcome") == "complete");
    }
}
