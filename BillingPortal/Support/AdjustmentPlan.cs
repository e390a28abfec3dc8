using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Support;

/// <summary>What an adjustment will do, in figures, before it is posted. Pure; the ledger has the last word.</summary>
/// <param name="Before">The account now.</param>
/// <param name="Change">Positive gives, negative takes.</param>
/// <param name="ValueCents">What it counts for against the limits; null when no package says what credits are worth.</param>
/// <param name="RechargeBelow">Below this auto-recharge charges a card; null while it is off.</param>
public sealed record AdjustmentPlan(Balance Before, Amount Change, long? ValueCents, Amount? RechargeBelow)
{
    /// <summary>What of a credit pays what is owed.</summary>
    public Amount PaysDebt => Change.IsPositive ? Amount.Min(Before.Debt, Change) : Amount.Zero(Change.Unit);

    public Amount AvailableAfter => Before.Available + Change - PaysDebt;

    /// <summary>A debit takes what is available and never more.</summary>
    public bool IsCovered => Change.IsPositive || Before.Available + Change >= Amount.Zero(Change.Unit);

    /// <summary>The debit would set off auto-recharge.</summary>
    public bool SetsOffRecharge =>
        Change.IsNegative && RechargeBelow is { } below && Before.Available >= below && AvailableAfter < below;
}
