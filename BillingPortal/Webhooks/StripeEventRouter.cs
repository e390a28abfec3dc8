using BillingPortal.Cards;
using BillingPortal.Purchases;

namespace BillingPortal.Webhooks;

/// <summary>
/// From an event's type to the one service method that brings our rows to the present state of its object. It decides
/// nothing and reads nothing of the body but the object's id: the methods read the object afresh and are safe to
/// repeat.
/// </summary>
internal sealed class StripeEventRouter(
    PurchaseService purchases, ReversalService reversals, CheckoutService checkout, CardNews cards,
    CardSetupService setups) : IEventRouter
{
    /// <summary>Types that only a person can act upon.</summary>
    private static readonly HashSet<string> ForPeople = ["radar.early_fraud_warning.created"];

    private static readonly HashSet<string> Routed =
    [
        "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing",
        "payment_intent.requires_action", "payment_intent.canceled", "checkout.session.completed",
        "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "checkout.session.expired",
        "setup_intent.succeeded", "payment_method.attached", "payment_method.detached", "payment_method.updated",
        "payment_method.automatically_updated", "customer.updated", "charge.refunded", "refund.created",
        "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
        "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
    ];

    /// <summary>False for types that would only be ignored.</summary>
    public static bool Concerns(string type) => Routed.Contains(type) || ForPeople.Contains(type);

    public async Task<EventState> RouteAsync(ClaimedEvent claimed, CancellationToken cancellationToken)
    {
        var (type, objectId) = (claimed.Type, claimed.ObjectId);
        if (ForPeople.Contains(type))
        {
            return EventState.Kept;
        }

        if (objectId is null || !Routed.Contains(type))
        {
            return EventState.Ignored;
        }

        await (type switch
        {
            "setup_intent.succeeded" => setups.FinishAsync(objectId, cancellationToken: cancellationToken),
            "customer.updated" => cards.SyncDefaultAsync(objectId, cancellationToken),
            "charge.refunded" => reversals.RefreshChargeAsync(objectId, cancellationToken),
            _ when type.StartsWith("refund.", StringComparison.Ordinal) =>
                reversals.RefreshRefundAsync(objectId, cancellationToken),
            _ when type.StartsWith("charge.dispute.", StringComparison.Ordinal) =>
                reversals.RefreshDisputeAsync(objectId, cancellationToken),
            _ when type.StartsWith("payment_intent.", StringComparison.Ordinal) =>
                purchases.RefreshAsync(objectId, cancellationToken),
            _ when type.StartsWith("checkout.session.", StringComparison.Ordinal) =>
                checkout.RefreshAsync(objectId, cancellationToken: cancellationToken),
            _ => cards.RefreshAsync(objectId, cancellationToken),
        });
        return EventState.Handled;
    }
}
