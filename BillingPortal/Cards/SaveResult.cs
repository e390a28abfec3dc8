namespace BillingPortal.Cards;

/// <summary>What became of saving a card.</summary>
public enum SaveOutcome
{
    Saved = 1,

    /// <summary>The customer has not finished, or the bank has not answered.</summary>
    NotYet,
    Refused,

    /// <summary>Not attached to a customer of ours, or to another tenant's.</summary>
    NotOurs,
}

/// <summary>The outcome, with the card once saved and the words once refused.</summary>
public sealed record SaveResult(SaveOutcome Outcome, SavedCard? Card = null, DeclineText? Decline = null);
