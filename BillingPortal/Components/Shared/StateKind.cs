namespace BillingPortal.Components.Shared;

/// <summary>Why a place has nothing normal to show.</summary>
public enum StateKind
{
    /// <summary>Nothing there yet: say what will appear and the one next step.</summary>
    Empty,

    /// <summary>It failed: say what, offer Retry, give the reference.</summary>
    Error,

    /// <summary>Not for this role: say who can change that.</summary>
    Denied,
}
