using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary><c>/v1/refunds</c>: all or a part of a charge, never more than is left of it.</summary>
internal static class Refunds
{
    private const int SettleSeconds = 5;
    private static readonly string[] Reasons = ["duplicate", "fraudulent", "requested_by_customer"];

    public static void MapRefunds(this StripeRoutes routes)
    {
        routes.Post("/refunds", "payment_intent charge amount reason metadata", Create);
        routes.Get("/refunds", $"payment_intent charge created {StripeRoutes.Paging}", List);
        routes.Get("/refunds/{id}", "", call => StripeView.Of(call.Find<Refund>("refund")));
    }

    private static JsonObject Create(StripeCall call)
    {
        var charge = ChargeAsked(call);
        var reason = call.Form.Filled("reason");
        if (reason is not null && !Reasons.Contains(reason))
        {
            throw StripeError.Invalid($"Invalid reason: must be one of {string.Join(", ", Reasons)}", "reason");
        }

        var amount = AmountAsked(call, charge);
        var method = call.Change.Find<PaymentMethod>(charge.PaymentMethod)!;
        var aftermath = TestCards.ByName(method.TestCard)!.Aftermath;
        var refund = call.Change.Put(new Refund
        {
            Id = StripeIds.New("re"),
            Amount = amount,
            BalanceTransaction = StripeIds.New("txn"),
            Charge = charge.Id,
            PaymentIntent = charge.PaymentIntent,
            Created = call.Created,
            Currency = charge.Currency,
            Metadata = Metadata.Merge(call.Form),
            Reason = reason,
            Status = aftermath == Aftermath.RefundPending ? "pending" : "succeeded",
            SettlesTo = aftermath switch
            {
                Aftermath.RefundPending => "succeeded",
                Aftermath.RefundFails => "failed",
                _ => null,
            },
            SettlesAt = call.Created + SettleSeconds,
        });
        if (refund.SettlesTo is not null)
        {
            Appointment.Make(call, refund.Id, call.Created + SettleSeconds);
        }

        var after = Book(call, charge, amount);
        call.Emit("refund.created", refund);
        call.Emit("charge.refunded", after, Changes.Between(charge, after));
        return StripeView.Of(refund);
    }

    /// <summary>What became of a refund that was not final; a failed one leaves the money where it was.</summary>
    public static void Settle(StripeCall call, Refund refund)
    {
        if (refund.SettlesTo is not { } status)
        {
            return;
        }

        var settled = call.Change.Put(refund with
        {
            Status = status,
            SettlesTo = null,
            FailureReason = status == "failed" ? "expired_or_canceled_card" : null,
        });
        if (status == "failed")
        {
            var charge = call.Change.Find<Charge>(refund.Charge)!;
            var after = Book(call, charge, -refund.Amount);
            call.Emit("charge.updated", after, Changes.Between(charge, after));
            call.Emit("refund.failed", settled);
        }

        call.Emit("refund.updated", settled, new JsonObject { ["status"] = refund.Status });
    }

    private static Charge Book(StripeCall call, Charge charge, long amount)
    {
        var refunded = charge.AmountRefunded + amount;
        return call.Change.Put(charge with { AmountRefunded = refunded, Refunded = refunded == charge.Amount });
    }

    private static Charge ChargeAsked(StripeCall call)
    {
        if (call.Form.Filled("charge") is { } id)
        {
            return Refundable(call.Find<Charge>("charge", id, "charge"));
        }

        var intent = call.Find<PaymentIntent>("payment_intent", call.Form.Required("payment_intent"), "payment_intent");
        return Refundable(intent.Status == IntentStatus.Succeeded
            ? call.Change.Find<Charge>(intent.LatestCharge)!
            : throw StripeError.Invalid(
                $"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.", "payment_intent"));
    }

    private static Charge Refundable(Charge charge)
    {
        if (!charge.Paid)
        {
            throw StripeError.Invalid($"Charge {charge.Id} has not been paid and cannot be refunded.", "charge");
        }

        if (charge.Disputed)
        {
            throw StripeError.State(
                "charge_disputed", $"Charge {charge.Id} has been charged back; cannot issue a refund.");
        }

        return charge.Refunded
            ? throw StripeError.State("charge_already_refunded", $"Charge {charge.Id} has already been refunded.")
            : charge;
    }

    private static long AmountAsked(StripeCall call, Charge charge)
    {
        var left = charge.Amount - charge.AmountRefunded;
        var amount = call.Form.Integer("amount") ?? left;
        if (amount < 1)
        {
            throw StripeError.Invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
        }

        return amount <= left ? amount : throw StripeError.Invalid(
            $"Refund amount (${amount / 100m:0.00}) is greater than unrefunded amount on charge (${left / 100m:0.00})",
            "amount");
    }

    private static JsonObject List(StripeCall call)
    {
        var created = TimeFilter.Of(call.Form, "created");
        return StripeView.Page<Refund>(call, "/v1/refunds", "refund", one =>
            created.Fits(one.Created)
            && (call.Form.Filled("payment_intent") is not { } intent || one.PaymentIntent == intent)
            && (call.Form.Filled("charge") is not { } charge || one.Charge == charge));
    }
}
