using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;
using BillingPortal.Sandbox.Stripe.Payments;

namespace BillingPortal.Sandbox.Stripe.Checkout;

/// <summary>The hosted page's "Pay" button: one payment intent per session, confirmed as often as it takes.</summary>
internal static class CheckoutPayment
{
    public static JsonObject Pay(StripeCall call, CheckoutSession session, CheckoutPayRequest request)
    {
        if (session.Status != "open")
        {
            throw StripeError.Invalid("This page is no longer open. Go back to the shop and start again.");
        }

        var intent = call.Change.Find<PaymentIntent>(session.PaymentIntent) ?? Begin(call, session, request);
        PaymentRules.CheckConfirmable(call, intent);
        var method = CardData.Resolve(call, request.PaymentMethod);
        PaymentRules.CheckOwner(method, intent);
        var usage = session.SetupFutureUsage ?? (request.Save && session.OffersToSave ? "off_session" : null);
        return PaymentIntents.View(call, PaymentFlow.Confirm(call, intent with
        {
            PaymentMethod = method.Id,
            SetupFutureUsage = usage,
            NextAction = null,
        }));
    }

    private static PaymentIntent Begin(StripeCall call, CheckoutSession session, CheckoutPayRequest request)
    {
        var needsCustomer = session.SetupFutureUsage is not null || session.CustomerCreation == "always"
            || (request.Save && session.OffersToSave);
        var customer = session.Customer ?? (needsCustomer ? NewCustomer(call, request) : null);
        var id = StripeIds.New("pi");
        var intent = call.Change.Put(new PaymentIntent
        {
            Id = id,
            ClientSecret = StripeIds.Secret(id),
            Created = call.Created,
            Amount = session.AmountTotal,
            Currency = session.Currency,
            Customer = customer,
            Description = session.IntentDescription,
            Metadata = session.IntentMetadata,
            CheckoutSession = session.Id,
        });
        call.Change.Put(session with { PaymentIntent = id, Customer = customer, ReceiptEmail = request.Email });
        call.Emit("payment_intent.created", intent);
        return intent;
    }

    private static string NewCustomer(StripeCall call, CheckoutPayRequest request)
    {
        var customer = call.Change.Put(new Customer
        {
            Id = StripeIds.New("cus"),
            Created = call.Created,
            Email = request.Email,
        });
        call.Emit("customer.created", customer);
        return customer.Id;
    }
}

/// <summary>What the person sent off on the hosted page.</summary>
internal sealed record CheckoutPayRequest(string PaymentMethod, string? Email, bool Save);
