using BillingPortal.Providers.Payments;

namespace BillingPortal.AutoRecharge;

/// <summary>What the provider said to one card's charge: a closed set.</summary>
internal abstract record ChargeAnswer
{
    private ChargeAnswer(string? intentId) => IntentId = intentId;

    /// <summary>The payment, where one is known.</summary>
    public string? IntentId { get; }

    /// <summary>The money is ours: settle.</summary>
    internal sealed record Paid(string Intent) : ChargeAnswer(Intent);

    /// <summary>The card was refused; nothing was charged.</summary>
    internal sealed record Refused(string? Intent, Decline Decline) : ChargeAnswer(Intent);

    /// <summary>With the bank; look again later.</summary>
    internal sealed record Pending(string Intent) : ChargeAnswer(Intent);

    /// <summary>It may have happened: ask the same again, never anew.</summary>
    internal sealed record Unknown(string Code, string? Intent = null) : ChargeAnswer(Intent);

    /// <summary>
    /// It has not happened and will not: the intent was cancelled, never came about, or we were not let in.
    /// </summary>
    internal sealed record NotCharged(string Code, string? Intent = null) : ChargeAnswer(Intent);
}

/// <summary>One card's turn in an attempt, as committed before the provider is asked.</summary>
/// <param name="IsResumed">Somebody may have asked before and died: read first.</param>
/// <param name="IsKeyFresh">The provider still knows the idempotency key, by every clock.</param>
/// <param name="IsOverdue">First asked so long ago that a stored error is taken for an answer.</param>
internal sealed record ChargeTurn(RechargeAttempt Attempt, bool IsResumed, bool IsKeyFresh, bool IsOverdue)
{
    public string Card => Attempt.Card;

    public string? IntentId => Attempt.PaymentIntentId;
}
