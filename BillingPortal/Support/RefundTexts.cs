using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Purchases;

namespace BillingPortal.Support;

/// <summary>Refunds in words, for staff, for the audit log and for Stripe.</summary>
internal static class RefundTexts
{
    /// <summary>Under which a refund at Stripe names the action it belongs to.</summary>
    public const string ActionKey = "staff_action_id";

    public static Dictionary<string, string> Metadata(StaffAction action) =>
        new(PurchaseTexts.Metadata(action.PurchaseId!.Value, action.TenantId))
        {
            [ActionKey] = action.Id.ToString(),
            [PurchaseTexts.RefundNoteKey] = action.Said,
        };

    public static string IsOpen(StaffAction open) => open.State is StaffActionState.AwaitingApproval
        ? $"{open.RequestedByName} has asked for a refund of {AmountFormat.Cents(open.RefundCents!.Value)} of this payment, "
            + "which waits for a second person. It must be decided or withdrawn first."
        : $"A refund of {AmountFormat.Cents(open.RefundCents!.Value)} by {open.RequestedByName} is under way. "
            + "Look again in a moment: what is left then can still be refunded.";

    public static string TooMuch(RefundPlan plan) => plan.LeftCents == 0
        ? "Nothing is left of this payment: it was refunded or disputed in full."
        : $"Only {AmountFormat.Cents(plan.LeftCents)} of this payment is left to refund.";

    /// <summary>A tenant reads its own lines: neither the internal note nor that of a decision stands there.</summary>
    public static AuditRecord Audit(StaffAction action, Actor actor, string step, string verb) => new(
        action.TenantId, actor, $"refund.{step}", "purchase", action.PurchaseId!.Value.ToString(),
        $"{actor.Name} {verb} a refund of {AmountFormat.Cents(action.RefundCents!.Value)}, "
        + $"{AmountFormat.Text(action.Amount.Abs())} taken back. {action.Said}",
        After: new
        {
            action = action.Id,
            refunded = AmountFormat.Cents(action.RefundCents.Value),
            takenBack = action.Amount.Abs(),
            becomesDebt = action.Debt,
            reason = action.Reason,
            refund = action.RefundId,
            failure = action.FailureCode,
        });

    /// <summary>Why Stripe refused, and what to do.</summary>
    public static string Failure(string? code) => code switch
    {
        "charge_already_refunded" => "Stripe says that this payment was refunded in full already.",
        "charge_disputed" => "Stripe refuses while the payment is disputed: the bank decides.",
        "never_made" => "It never reached Stripe, and now it is too late to send it safely. Nothing moved: make it anew.",
        "refund_failed" => "The bank sent the money back: the card may be closed. Nothing was taken from the account in the end.",
        _ => $"Stripe refused it ({code}). Nothing moved.",
    };
}
