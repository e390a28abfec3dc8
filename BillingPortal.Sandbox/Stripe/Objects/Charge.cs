using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Objects;

/// <summary>One attempt to take money from a card, and what became of the money.</summary>
internal sealed record Charge : IRecord
{
    public required string Id { get; init; }

    public string Object => "charge";

    public long Amount { get; init; }

    public long AmountCaptured { get; init; }

    public long AmountRefunded { get; init; }

    public string? BalanceTransaction { get; init; }

    public BillingDetails BillingDetails { get; init; } = new();

    public bool Captured => Paid;

    public long Created { get; init; }

    public required string Currency { get; init; }

    public string? Customer { get; init; }

    public string? Description { get; init; }

    public bool Disputed { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public required JsonObject Outcome { get; init; }

    public bool Paid { get; init; }

    public required string PaymentIntent { get; init; }

    public required string PaymentMethod { get; init; }

    public required JsonObject PaymentMethodDetails { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? ReceiptUrl { get; init; }

    public bool Refunded { get; init; }

    public required string Status { get; init; }
}

/// <summary>Money on its way back to the card.</summary>
internal sealed record Refund : IRecord
{
    public required string Id { get; init; }

    public string Object => "refund";

    public long Amount { get; init; }

    public string? BalanceTransaction { get; init; }

    public required string Charge { get; init; }

    public long Created { get; init; }

    public required string Currency { get; init; }

    public string? FailureReason { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public required string PaymentIntent { get; init; }

    public string? Reason { get; init; }

    public string? ReceiptNumber => null;

    public required string Status { get; init; }

    /// <summary>What becomes of it at <see cref="SettlesAt"/>: succeeded or failed.</summary>
    [SandboxOnly]
    public string? SettlesTo { get; init; }

    [SandboxOnly]
    public long? SettlesAt { get; init; }
}

/// <summary>A cardholder's objection to a charge.</summary>
internal sealed record Dispute : IRecord
{
    public required string Id { get; init; }

    public string Object => "dispute";

    public long Amount { get; init; }

    public required string Charge { get; init; }

    public long Created { get; init; }

    public required string Currency { get; init; }

    public JsonObject Evidence { get; init; } = [];

    public required JsonObject EvidenceDetails { get; init; }

    public bool IsChargeRefundable { get; init; }

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public required string PaymentIntent { get; init; }

    public required string Reason { get; init; }

    public required string Status { get; init; }
}

/// <summary>An issuer's report of fraud before a dispute.</summary>
internal sealed record EarlyFraudWarning : IRecord
{
    public required string Id { get; init; }

    public string Object => "radar.early_fraud_warning";

    public bool Actionable => true;

    public required string Charge { get; init; }

    public long Created { get; init; }

    public string FraudType => "unauthorized_use_of_card";

    public bool Livemode => false;

    public required string PaymentIntent { get; init; }
}
