using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;
using BillingPortal.Sandbox.Stripe.Payments;

namespace BillingPortal.Sandbox.Stripe.Checkout;

/// <summary>The two ends of a Checkout Session: paid, or expired.</summary>
internal static class CheckoutFlow
{
    /// <summary>A session's payment succeeded: the session is complete in the same change.</summary>
    public static void Complete(StripeCall call, PaymentIntent intent)
    {
        if (call.Change.Find<CheckoutSession>(intent.CheckoutSession) is not { Status: "open" } session)
        {
            return;
        }

        var customer = call.Change.Find<Customer>(intent.Customer);
        var complete = call.Change.Put(session with
        {
            Status = "complete",
            PaymentStatus = "paid",
            PaymentIntent = intent.Id,
            Customer = intent.Customer,
            CustomerDetails = new JsonObject
            {
                ["email"] = session.ReceiptEmail ?? session.CustomerEmail ?? customer?.Email,
                ["name"] = customer?.Name,
                ["phone"] = null,
            },
            Url = null,
        });
        call.Emit("checkout.session.completed", complete);
    }

    /// <summary>Closes an open session; its unfinished payment is cancelled with it.</summary>
    public static CheckoutSession Expire(StripeCall call, CheckoutSession session)
    {
        if (session.Status != "open")
        {
            return session;
        }

        var expired = call.Change.Put(session with { Status = "expired", Url = null });
        if (call.Change.Find<PaymentIntent>(session.PaymentIntent) is { Status: not IntentStatus.Canceled } intent)
        {
            PaymentFlow.Cancel(call, intent, null);
        }

        call.Emit("checkout.session.expired", expired);
        return expired;
    }
}
