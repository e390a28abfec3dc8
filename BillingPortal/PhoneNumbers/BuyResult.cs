using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>A number that a person wants to buy.</summary>
public sealed record BuyWish(string Number, string Country, string? Label = null);

/// <summary>What became of a buying.</summary>
public enum BuyOutcome
{
    Bought = 1,

    /// <summary>Twilio's answer is not there yet: the fee stays held, the sweep looks the number up. Never bought again.</summary>
    Pending,

    /// <summary>Not sold; nothing was charged, <see cref="BuyResult.Text"/> says why.</summary>
    Refused,

    /// <summary>Available does not cover the set-up fee; Twilio was not asked.</summary>
    Insufficient,

    /// <summary>The plan has no price for a number.</summary>
    NotOffered,

    /// <summary>The attempt key belongs to another number's buying.</summary>
    KeyReused,
}

/// <param name="Text">For people: what happened and what to do.</param>
/// <param name="Required">The set-up fee, where it was not covered.</param>
/// <param name="Available">What there is, where it was not enough.</param>
public sealed record BuyResult(
    BuyOutcome Outcome, string Text, PhoneNumber? Number = null, Amount? Required = null, Amount? Available = null);

/// <summary>What became of giving a number back.</summary>
public enum ReleaseOutcome
{
    Released = 1,

    /// <summary>Out of service here; Twilio has not confirmed yet, and is asked until it has.</summary>
    Pending,

    /// <summary>Not the tenant's, or not in use.</summary>
    NotFound,
}
