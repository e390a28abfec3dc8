using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>
/// <c>/v1/disputes</c>. As at Stripe, the evidence <c>winning_evidence</c> wins and <c>losing_evidence</c> loses.
/// </summary>
internal static class Disputes
{
    private static readonly TimeSpan ForEvidence = TimeSpan.FromDays(9);

    public static void MapDisputes(this StripeRoutes routes)
    {
        routes.Get("/disputes", $"charge payment_intent created {StripeRoutes.Paging}", List);
        routes.Get("/disputes/{id}", "", call => StripeView.Of(call.Find<Dispute>("dispute")));
        routes.Post("/disputes/{id}", "evidence submit metadata", Update);
        routes.Post("/disputes/{id}/close", "", call => StripeView.Of(Close(call, Open(call), "lost")));
    }

    /// <summary>What a card with an aftermath brings after its payment succeeded.</summary>
    public static void Follow(StripeCall call, Charge charge, Aftermath aftermath)
    {
        if (aftermath == Aftermath.FraudWarning)
        {
            Warn(call, charge);
            return;
        }

        if (aftermath is Aftermath.DisputeFraudulent or Aftermath.DisputeNotReceived or Aftermath.Inquiry)
        {
            Create(call, charge, aftermath);
        }
    }

    private static void Create(StripeCall call, Charge charge, Aftermath aftermath)
    {
        var isInquiry = aftermath == Aftermath.Inquiry;
        var dispute = call.Change.Put(new Dispute
        {
            Id = StripeIds.New("du"),
            Amount = charge.Amount,
            Charge = charge.Id,
            Created = call.Created,
            Currency = charge.Currency,
            EvidenceDetails = new JsonObject
            {
                ["due_by"] = (call.Now + ForEvidence).ToUnixTimeSeconds(),
                ["has_evidence"] = false,
                ["past_due"] = false,
                ["submission_count"] = 0,
            },
            IsChargeRefundable = isInquiry,
            PaymentIntent = charge.PaymentIntent,
            Reason = aftermath == Aftermath.DisputeNotReceived ? "product_not_received" : "fraudulent",
            Status = isInquiry ? "warning_needs_response" : "needs_response",
        });
        call.Change.Put(charge with { Disputed = !isInquiry });
        call.Emit("charge.dispute.created", dispute);
        if (!isInquiry)
        {
            call.Emit("charge.dispute.funds_withdrawn", dispute);
        }
    }

    private static void Warn(StripeCall call, Charge charge) => call.Emit(
        "radar.early_fraud_warning.created", call.Change.Put(new EarlyFraudWarning
        {
            Id = StripeIds.New("issfr"),
            Charge = charge.Id,
            Created = call.Created,
            PaymentIntent = charge.PaymentIntent,
        }));

    private static JsonObject Update(StripeCall call)
    {
        var dispute = Open(call);
        var text = call.Form.Sub("evidence")?.Filled("uncategorized_text");
        var after = call.Change.Put(dispute with
        {
            Metadata = Metadata.Merge(call.Form, dispute.Metadata),
            Evidence = text is null ? dispute.Evidence : new JsonObject { ["uncategorized_text"] = text },
            Status = text is null ? dispute.Status
                : dispute.Status == "warning_needs_response" ? "warning_under_review" : "under_review",
        });
        call.Emit("charge.dispute.updated", after, Changes.Between(dispute, after));
        return StripeView.Of(text switch
        {
            "winning_evidence" => Close(call, after, "won"),
            "losing_evidence" => Close(call, after, "lost"),
            _ => after,
        });
    }

    private static Dispute Close(StripeCall call, Dispute dispute, string outcome)
    {
        var isInquiry = dispute.Status.StartsWith("warning_", StringComparison.Ordinal);
        var closed = call.Change.Put(dispute with { Status = isInquiry ? "warning_closed" : outcome });
        call.Emit("charge.dispute.closed", closed, new JsonObject { ["status"] = dispute.Status });
        if (outcome == "won" && !isInquiry)
        {
            call.Emit("charge.dispute.funds_reinstated", closed);
        }

        return closed;
    }

    private static Dispute Open(StripeCall call)
    {
        var dispute = call.Find<Dispute>("dispute");
        return dispute.Status is "won" or "lost" or "warning_closed"
            ? throw StripeError.State("dispute_closed", "This dispute is already closed.")
            : dispute;
    }

    private static JsonObject List(StripeCall call)
    {
        var created = TimeFilter.Of(call.Form, "created");
        return StripeView.Page<Dispute>(call, "/v1/disputes", "dispute", one =>
            created.Fits(one.Created)
            && (call.Form.Filled("payment_intent") is not { } intent || one.PaymentIntent == intent)
            && (call.Form.Filled("charge") is not { } charge || one.Charge == charge));
    }
}
