using BillingPortal.Cards;
using BillingPortal.Providers.Payments;

namespace BillingPortal.Purchases;

/// <summary>
/// What a reading of the intent means for its purchase. Pure: no I/O, no clock; never moves a settled purchase.
/// </summary>
internal static class PurchasePolicy
{
    public static Judgement Judge(Purchase purchase, PaymentIntent intent, string? customerId)
    {
        if (purchase.PaymentIntentId is not null && purchase.PaymentIntentId != intent.Id)
        {
            return Same(purchase, intent.Status is PaymentStatus.Succeeded ? "second_payment" : null);
        }

        if (purchase.State is PurchaseState.Settled)
        {
            return Same(purchase, intent.Status is PaymentStatus.Succeeded ? null : "failure_after_settlement");
        }

        return intent.Status switch
        {
            PaymentStatus.Succeeded => Paid(purchase, intent, customerId),
            PaymentStatus.Processing => new Judgement(PurchaseState.Processing, null, null),
            PaymentStatus.RequiresAction => new Judgement(PurchaseState.RequiresAction, null, null),
            PaymentStatus.RequiresPaymentMethod or PaymentStatus.RequiresConfirmation => Unpaid(purchase, intent),
            PaymentStatus.Canceled => Over(purchase, intent),
            PaymentStatus.RequiresCapture or PaymentStatus.Unknown => Same(purchase, "unexpected_status"),
        };
    }

    private static Judgement Paid(Purchase purchase, PaymentIntent intent, string? customerId)
    {
        var wrong = intent.AmountReceivedCents != purchase.PriceCents ? "amount_differs"
            : !string.Equals(intent.Currency, purchase.Currency, StringComparison.OrdinalIgnoreCase)
                ? "currency_differs"
            : intent.CustomerId != customerId ? "customer_differs"
            : null;
        return wrong is null ? new Judgement(PurchaseState.Settled, null, null) : Same(purchase, wrong);
    }

    // Off session a demand for authentication falls back to "requires payment method": it waits for the customer all
    // the same.
    private static Judgement Unpaid(Purchase purchase, PaymentIntent intent)
    {
        var waits = purchase.Kind is PurchaseKind.AutoRecharge
            && intent.LastDecline?.Class is DeclineClass.BringTheCustomer;
        return new Judgement(waits ? PurchaseState.RequiresAction : PurchaseState.Started, CodeOf(intent), null);
    }

    private static Judgement Over(Purchase purchase, PaymentIntent intent)
    {
        var decline = CodeOf(intent) ?? purchase.DeclineCode;
        return new Judgement(decline is null ? PurchaseState.Canceled : PurchaseState.Failed, decline, null);
    }

    private static string? CodeOf(PaymentIntent intent) => intent.LastDecline is { } decline
        ? DeclineText.CodeOf(decline) : null;

    private static Judgement Same(Purchase purchase, string? review) =>
        new(purchase.State, purchase.DeclineCode, review);
}

/// <summary>
/// Where the purchase goes, why the card was refused, and why a person should look at it, if one should.
/// </summary>
internal sealed record Judgement(PurchaseState State, string? DeclineCode, string? ReviewReason);
