namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>When a card asks for 3-D Secure.</summary>
internal enum Challenge
{
    Never,

    /// <summary>In front of the customer always; without them only until the card was set up.</summary>
    UnlessSetUp,

    /// <summary>On every payment, set up or not.</summary>
    Always,

    /// <summary>In front of the customer only: counts as set up from the start.</summary>
    OnSessionOnly,
}

/// <summary>What follows a successful payment.</summary>
internal enum Aftermath
{
    None,
    DisputeFraudulent,
    DisputeNotReceived,
    Inquiry,
    FraudWarning,
    RefundPending,
    RefundFails,
    StaysProcessing,
    ProcessingFails,
}

/// <summary>One of Stripe's test cards: its number, its name as a PaymentMethod, and what it does.</summary>
internal sealed record TestCard(string Name, string Number, string Brand, string Does)
{
    public string Funding { get; init; } = "credit";

    /// <summary>Refused on every payment.</summary>
    public Decline? Declines { get; init; }

    /// <summary>Whether a customer can keep it; most declining cards are refused there as well.</summary>
    public bool IsAttachable { get; init; } = true;

    public Challenge Asks { get; init; }

    public Aftermath Aftermath { get; init; }

    /// <summary>The sandbox's own; Stripe has no such card.</summary>
    public bool IsSandboxOnly { get; init; }

    public string Last4 => Number[^4..];
}
