namespace BillingPortal.AutoRecharge;

/// <summary>
/// <c>recorded → charging → succeeded | requires_action | declined | unknown | canceled</c>; unknown becomes any other.
/// </summary>
public enum AttemptState
{
    /// <summary>Committed, no card asked yet.</summary>
    Recorded = 1,

    /// <summary>A call to the provider is under way, or was when the process died.</summary>
    Charging,

    /// <summary>Paid and settled.</summary>
    Succeeded,

    /// <summary>The bank wants the cardholder; a link is out.</summary>
    RequiresAction,

    /// <summary>Every card refused, or the cardholder did not come.</summary>
    Declined,

    /// <summary>The provider did not say; it is asked again, never charged anew.</summary>
    Unknown,

    /// <summary>Given up before any card was charged.</summary>
    Canceled,
}

/// <summary>Groups of <see cref="AttemptState"/> that rules speak of.</summary>
public static class AttemptStates
{
    /// <summary>Money may be moving right now.</summary>
    public static bool IsInFlight(this AttemptState state) => state switch
    {
        AttemptState.Recorded or AttemptState.Charging or AttemptState.Unknown => true,
        AttemptState.Succeeded or AttemptState.RequiresAction or AttemptState.Declined or AttemptState.Canceled =>
            false,
    };

    /// <summary>At most one per tenant (unique partial index): in flight, or waiting for the cardholder.</summary>
    public static bool IsOpen(this AttemptState state) => state.IsInFlight() || state is AttemptState.RequiresAction;

    /// <summary>Counts against the spending limit: charged, or may still be.</summary>
    public static bool CountsAsSpent(this AttemptState state) => state.IsOpen() || state is AttemptState.Succeeded;
}
