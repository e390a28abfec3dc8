using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// One answer of the policy with what it was based on, kept so that "why was I not recharged" has an answer. Never
/// changed, except that a sweep that finds the same once more counts up.
/// </summary>
public sealed class RechargeEvaluation
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public RechargeTrigger Trigger { get; init; }

    public RechargeReason Reason { get; init; }

    public Unit Unit { get; init; }

    public long AvailableE4 { get; init; }

    public long DebtE4 { get; init; }

    public long? ThresholdE4 { get; init; }

    /// <summary>What would have been, or was, charged; null when it did not come to that.</summary>
    public long? PriceCents { get; init; }

    public long? AmountE4 { get; init; }

    /// <summary>Usable cards there were.</summary>
    public int Cards { get; init; }

    public DateTimeOffset? Until { get; init; }

    public long? LeftCents { get; init; }

    /// <summary>Spent or pending in the month, US cents.</summary>
    public long SpentCents { get; init; }

    public long? LastHourE4 { get; init; }

    public long? MedianHourE4 { get; init; }

    /// <summary>The attempt that followed.</summary>
    public Guid? AttemptId { get; init; }

    public DateTimeOffset EvaluatedAt { get; init; }

    /// <summary>When a sweep last came to the same; equal to <see cref="EvaluatedAt"/> at first.</summary>
    public DateTimeOffset LastAt { get; set; }

    public int Times { get; set; } = 1;

    public static RechargeEvaluation Of(
        Guid tenantId, RechargeSituation situation, RechargeDecision decision, Guid? attemptId) => new()
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Trigger = situation.Trigger,
            Reason = decision.Reason,
            Unit = situation.Plan,
            AvailableE4 = situation.Available.E4,
            DebtE4 = situation.Debt.E4,
            ThresholdE4 = situation.Rule?.ThresholdE4,
            PriceCents = decision.Order?.PriceCents,
            AmountE4 = decision.Order?.Amount.E4,
            Cards = situation.Cards.Count,
            Until = decision.Until,
            LeftCents = decision.LeftCents,
            SpentCents = SpendingMonth.Of(situation.Now).SpentCents(situation.History),
            LastHourE4 = situation.Pace?.LastHour.E4,
            MedianHourE4 = situation.Pace?.MedianHour?.E4,
            AttemptId = attemptId,
            EvaluatedAt = situation.Now,
            LastAt = situation.Now,
        };
}
