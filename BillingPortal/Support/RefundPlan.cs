using BillingPortal.Kernel;
using BillingPortal.Purchases;

namespace BillingPortal.Support;

/// <summary>What a refund will do, in figures, before it is made. Pure; the ledger has the last word.</summary>
/// <param name="Purchase">The payment.</param>
/// <param name="Cents">What goes back to the card.</param>
/// <param name="TakenBack">What the account loses: its share of everything that was given.</param>
/// <param name="FromBonus">The part of it that was a bonus; it goes first.</param>
/// <param name="Available">What is unspent and not held in the account.</param>
public sealed record RefundPlan(Purchase Purchase, int Cents, Amount TakenBack, Amount FromBonus, Amount Available)
{
    /// <summary>What can still go back of the payment.</summary>
    public int LeftCents => LeftOf(Purchase);

    public Amount Unspent => Amount.Min(TakenBack, Amount.Max(Available, Amount.Zero(Available.Unit)));

    public Amount Debt => TakenBack - Unspent;

    public Amount AvailableAfter => Available - Unspent;

    public static int LeftOf(Purchase purchase) => purchase.State is PurchaseState.Settled
        ? Math.Max(0, purchase.PriceCents - purchase.RefundedCents - purchase.DisputedCents)
        : 0;

    /// <param name="expiredE4">What expiry has taken of the bonus already.</param>
    public static RefundPlan Of(Purchase purchase, int cents, Amount available, long expiredE4 = 0)
    {
        var steps = ReversalPolicy.Steps(purchase, ReversalPolicy.After(purchase, cents, expiredE4), expiredE4);
        return new RefundPlan(
            purchase, cents, new Amount(steps.Sum(step => step.TakenE4), purchase.Unit),
            new Amount(steps.Where(step => step.IsBonus).Sum(step => step.TakenE4), purchase.Unit), available);
    }
}
