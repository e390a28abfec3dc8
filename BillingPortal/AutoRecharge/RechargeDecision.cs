using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// The policy's answer: <see cref="Order"/> and <see cref="Cards"/> when it says charge, otherwise why not.
/// </summary>
public sealed record RechargeDecision(RechargeReason Reason)
{
    /// <summary>What would be bought; also known for a refusal that came after sizing.</summary>
    public RechargeOrder? Order { get; init; }

    /// <summary>In the order of trying; empty unless <see cref="Charges"/>.</summary>
    public IReadOnlyList<string> Cards { get; init; } = [];

    /// <summary>When the refusal ends by itself: cooldown, backoff, daily limit, spending limit.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>For <see cref="RechargeReason.SpendingLimit"/>: US cents that could still be charged.</summary>
    public long? LeftCents { get; init; }

    public bool Charges => Reason is RechargeReason.Charge;
}

/// <summary>What one recharge buys.</summary>
/// <param name="Amount">Bought, in the unit of the account; the bonus is not in it.</param>
/// <param name="Bonus">Given on top.</param>
/// <param name="PriceCents">US cents charged.</param>
/// <param name="Description">For people, for example <c>2 × 500 credits</c>.</param>
public sealed record RechargeOrder(Amount Amount, Amount Bonus, long PriceCents, string Description)
{
    public Amount Total => Amount + Bonus;
}
