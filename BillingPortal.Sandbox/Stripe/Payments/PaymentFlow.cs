using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Checkout;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>A payment's way from confirmation to its end: challenge, decline, processing, success.</summary>
internal static class PaymentFlow
{
    private const int ProcessingSeconds = 5;

    /// <summary>An ACH debit is decided after up to four business days (Stripe's page on ACH direct debit).</summary>
    private const int BankSeconds = 4 * 24 * 60 * 60;

    public static PaymentIntent Confirm(StripeCall call, PaymentIntent intent)
    {
        if (call.Change.Find<PaymentMethod>(intent.PaymentMethod) is not { } method)
        {
            throw PaymentRules.Unexpected(call, intent,
                "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update "
                + "the PaymentIntent with a payment method and then confirm it again, or confirm it again directly "
                + "with a payment method or ConfirmationToken.");
        }

        IntentRules.CheckReturnUrl(call, intent.AutomaticPaymentMethods, "PaymentIntent");
        var isOffSession = call.Form.Flag("off_session");
        var card = TestCards.ByName(method.TestCard)!;
        if (ForcedDecline(call, method) is { } forced && forced != Decline.AuthenticationRequired)
        {
            throw Refuse(call, intent, method, forced);
        }

        if (!Asks(card, method, isOffSession))
        {
            return Charge(call, intent, method);
        }

        return isOffSession
            ? throw Refuse(call, intent, method, Decline.AuthenticationRequired)
            : AwaitCustomer(call, intent);
    }

    /// <summary>The end of the challenge: the issuer decides only now.</summary>
    public static PaymentIntent Answer(StripeCall call, PaymentIntent intent, bool isAuthenticated)
    {
        var method = call.Change.Find<PaymentMethod>(intent.PaymentMethod)!;
        if (isAuthenticated)
        {
            return Charge(call, intent, method);
        }

        var failed = call.Change.Put(intent with
        {
            Status = IntentStatus.RequiresPaymentMethod,
            NextAction = null,
            PaymentMethod = null,
            LastPaymentError = new JsonObject
            {
                ["type"] = "invalid_request_error",
                ["code"] = "payment_intent_authentication_failure",
                ["message"] = IntentRules.AuthenticationFailed,
                ["payment_method"] = StripeView.Of(method),
            },
        });
        call.Emit("payment_intent.payment_failed", failed);
        return failed;
    }

    /// <summary>
    /// The end of a payment that stayed in processing: as the card or account has it, or as the control page says.
    /// </summary>
    public static void Process(StripeCall call, PaymentIntent intent, bool? succeeds = null)
    {
        var method = call.Change.Find<PaymentMethod>(intent.PaymentMethod)!;
        var card = TestCards.ByName(method.TestCard)!;
        var isBank = method.Type == BankAccount.Code;
        var refusal = card.Aftermath == Aftermath.ProcessingFails ? Decline.Generic : isBank ? card.Declines : null;
        intent = intent with { ProcessedAt = null };
        if (!(succeeds ?? refusal is null))
        {
            Refuse(call, intent, method, refusal ?? (isBank ? Decline.Of("insufficient_funds") : Decline.Generic));
        }
        else
        {
            Succeed(call, intent, method);
        }
    }

    public static PaymentIntent Cancel(StripeCall call, PaymentIntent intent, string? reason)
    {
        var canceled = call.Change.Put(intent with
        {
            Status = IntentStatus.Canceled,
            CanceledAt = call.Created,
            CancellationReason = reason,
            NextAction = null,
        });
        call.Emit("payment_intent.canceled", canceled);
        return canceled;
    }

    private static bool Asks(TestCard card, PaymentMethod method, bool isOffSession) =>
        method.ForcedDecline == Decline.AuthenticationRequired.Code || card.Asks switch
        {
            Challenge.Never => false,
            Challenge.Always => true,
            Challenge.OnSessionOnly => !isOffSession,
            Challenge.UnlessSetUp => !isOffSession || !method.IsSetUpOffSession,
        };

    private static PaymentIntent AwaitCustomer(StripeCall call, PaymentIntent intent)
    {
        var waiting = call.Change.Put(intent with
        {
            Status = IntentStatus.RequiresAction,
            NextAction = IntentRules.NextAction(call, intent.ClientSecret),
        });
        call.Emit("payment_intent.requires_action", waiting);
        return waiting;
    }

    private static PaymentIntent Charge(StripeCall call, PaymentIntent intent, PaymentMethod method)
    {
        var card = TestCards.ByName(method.TestCard)!;
        var isBank = method.Type == BankAccount.Code;
        if (card.Declines is { } decline && !isBank)
        {
            throw Refuse(call, intent, method, decline);
        }

        if (!isBank && card.Aftermath is not (Aftermath.StaysProcessing or Aftermath.ProcessingFails))
        {
            return Succeed(call, intent, method);
        }

        var processedAt = call.Created + (isBank ? BankSeconds : ProcessingSeconds);
        var processing = call.Change.Put(intent with
        {
            Status = IntentStatus.Processing,
            NextAction = null,
            LastPaymentError = null,
            ProcessedAt = processedAt,
        });
        Appointment.Make(call, processing.Id, processedAt);
        call.Emit("payment_intent.processing", processing);
        return processing;
    }

    private static PaymentIntent Succeed(StripeCall call, PaymentIntent intent, PaymentMethod method)
    {
        method = intent is { Customer: { } customer, SetupFutureUsage: { } usage }
            ? PaymentMethods.Keep(call, method, customer, isSetUp: usage == "off_session")
            : method.Customer is null ? call.Change.Put(method with { IsUsedUp = true }) : method;
        var charge = Charges.Succeed(call, intent, method);
        var paid = call.Change.Put(intent with
        {
            Status = IntentStatus.Succeeded,
            AmountReceived = intent.Amount,
            LatestCharge = charge.Id,
            LastPaymentError = null,
            NextAction = null,
        });
        call.Emit("charge.succeeded", charge);
        call.Emit("payment_intent.succeeded", paid);
        CheckoutFlow.Complete(call, paid);
        Disputes.Follow(call, charge, TestCards.ByName(method.TestCard)!.Aftermath);
        return paid;
    }

    private static StripeError Refuse(StripeCall call, PaymentIntent intent, PaymentMethod method, Decline decline)
    {
        var charge = Charges.Fail(call, intent, method, decline);
        var failed = call.Change.Put(intent with
        {
            Status = IntentStatus.RequiresPaymentMethod,
            LatestCharge = charge.Id,
            PaymentMethod = null,
            NextAction = null,
            LastPaymentError = CardRefused.Remembered(decline, method, charge.Id),
        });
        call.Emit("charge.failed", charge);
        call.Emit("payment_intent.payment_failed", failed);
        return CardRefused.ForPayment(decline, method, PaymentIntents.View(call, failed), charge.Id);
    }

    /// <summary>
    /// A decline that the control page switched on, or a card that ran out on the sandbox's calendar.
    /// </summary>
    private static Decline? ForcedDecline(StripeCall call, PaymentMethod method)
    {
        var isExpired = method.Card is { } card && (card.ExpYear < call.Now.Year
            || (card.ExpYear == call.Now.Year && card.ExpMonth < call.Now.Month));
        return method.ForcedDecline is { } code ? Decline.Of(code) : isExpired ? Decline.Expired : null;
    }
}
