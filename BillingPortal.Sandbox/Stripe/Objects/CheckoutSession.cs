using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Objects;

/// <summary>A hosted payment page and how far the payer got on it.</summary>
internal sealed record CheckoutSession : IRecord
{
    public required string Id { get; init; }

    public string Object => "checkout.session";

    public long AmountSubtotal => AmountTotal;

    public long AmountTotal { get; init; }

    public string? CancelUrl { get; init; }

    public string? ClientReferenceId { get; init; }

    public long Created { get; init; }

    public required string Currency { get; init; }

    public string? Customer { get; init; }

    public string CustomerCreation { get; init; } = "if_required";

    public JsonObject? CustomerDetails { get; init; }

    public string? CustomerEmail { get; init; }

    public long ExpiresAt { get; init; }

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string Mode => "payment";

    public string? PaymentIntent { get; init; }

    public IReadOnlyList<string> PaymentMethodTypes => ["card"];

    public string PaymentStatus { get; init; } = "unpaid";

    public string? SetupIntent => null;

    public string Status { get; init; } = "open";

    public required string SuccessUrl { get; init; }

    public string? Url { get; init; }

    /// <summary>What the page lists: name, quantity and price.</summary>
    [SandboxOnly]
    public IReadOnlyList<CheckoutLine> Lines { get; init; } = [];

    /// <summary>Whether the page offers to save the card.</summary>
    [SandboxOnly]
    public bool OffersToSave { get; init; }

    [SandboxOnly]
    public string? SetupFutureUsage { get; init; }

    [SandboxOnly]
    public IReadOnlyDictionary<string, string> IntentMetadata { get; init; } = new Dictionary<string, string>();

    [SandboxOnly]
    public string? IntentDescription { get; init; }

    [SandboxOnly]
    public string? ReceiptEmail { get; init; }
}

/// <summary>One line of a hosted payment page.</summary>
internal sealed record CheckoutLine(string Name, string? Description, long UnitAmount, long Quantity);
