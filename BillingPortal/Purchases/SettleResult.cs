using BillingPortal.Providers.Payments;

namespace BillingPortal.Purchases;

/// <summary>What a reading of the intent came to.</summary>
public enum SettleOutcome
{
    Settled = 1,
    AlreadySettled,

    /// <summary>Not paid, or not yet; the purchase says where it stands.</summary>
    NotPaid,

    /// <summary>Something does not add up. No credits; a person has to look.</summary>
    UnderReview,

    /// <summary>No purchase of ours belongs to this intent.</summary>
    NotOurs,
}

/// <summary>The outcome, the purchase as it now stands, and the card's last refusal if there was one.</summary>
public sealed record SettleResult(SettleOutcome Outcome, Purchase? Purchase = null, Decline? Decline = null);
