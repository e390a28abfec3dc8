using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Checkout;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Stripe.Payments;

namespace BillingPortal.Sandbox.Stripe;

/// <summary><c>/stripe/v1</c>: all of Stripe that the portal uses.</summary>
internal static class StripeEndpoints
{
    public static void MapStripe(this WebApplication app)
    {
        var routes = new StripeRoutes(app, app.Services.GetRequiredService<StripePipeline>());
        routes.MapCustomers();
        routes.MapPaymentMethods();
        routes.MapSetupIntents();
        routes.MapPaymentIntents();
        routes.MapCharges();
        routes.MapRefunds();
        routes.MapDisputes();
        routes.MapEvents();
        routes.MapChallenges();
        routes.MapCheckoutSessions();
        app.MapCheckoutPage();
        app.MapChallengePage();
        app.MapFallback("/stripe/{**path}", UnknownAsync);
    }

    private static async Task UnknownAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!["/stripe".Length..];
        var refusal = new StripeError(404, "invalid_request_error", null,
            $"Unrecognized request URL ({context.Request.Method}: {path}). The sandbox offers the part of Stripe that "
            + "the portal uses; its README lists it.");
        context.Response.StatusCode = refusal.Status;
        await context.Response.WriteAsJsonAsync(refusal.ToJson());
    }
}
