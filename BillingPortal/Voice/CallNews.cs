using BillingPortal.Providers.Sms;

namespace BillingPortal.Voice;

/// <summary>The provider's word about one call; it comes late, twice and in any order.</summary>
/// <param name="DurationSeconds">Told with the end of a call that took place.</param>
/// <param name="OccurredAt">By the provider's clock, never ahead of ours.</param>
public sealed record CallNews(
    string CallSid, CallStatus Status, string From, string To, CallDirection Direction, int? DurationSeconds,
    DateTimeOffset OccurredAt)
{
    /// <summary>Our side of the call: whose number it is, pays.</summary>
    public string OwnNumber => Direction is CallDirection.Inbound ? To : From;

    public override string ToString() => $"Call {CallSid} {Status}";
}

/// <summary>What became of the provider's word.</summary>
public enum CallOutcome
{
    /// <summary>The call goes on, or this was known before.</summary>
    Noted = 1,

    /// <summary>Its price stands in the books, now or since before.</summary>
    Charged,

    /// <summary>It ended without a price; what was reserved is free again.</summary>
    NotCharged,

    /// <summary>Nobody's number and nobody's hold: nothing was recorded.</summary>
    UnknownCall,
}
