using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Stripe.Objects;

/// <summary>The states of both kinds of intent.</summary>
internal static class IntentStatus
{
    public const string RequiresPaymentMethod = "requires_payment_method";
    public const string RequiresConfirmation = "requires_confirmation";
    public const string RequiresAction = "requires_action";
    public const string Processing = "processing";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";
}

/// <summary>Which payment methods are offered.</summary>
internal sealed record AutomaticPaymentMethods
{
    public string AllowRedirects { get; init; } = "always";

    public bool Enabled { get; init; } = true;
}

/// <summary>One payment from the first wish to the last attempt.</summary>
internal sealed record PaymentIntent : IRecord
{
    public required string Id { get; init; }

    public string Object => "payment_intent";

    public long Amount { get; init; }

    public long AmountCapturable => 0;

    public long AmountReceived { get; init; }

    public AutomaticPaymentMethods? AutomaticPaymentMethods { get; init; }

    public long? CanceledAt { get; init; }

    public string? CancellationReason { get; init; }

    public string CaptureMethod => "automatic_async";

    public required string ClientSecret { get; init; }

    public string ConfirmationMethod => "automatic";

    public long Created { get; init; }

    public required string Currency { get; init; }

    public string? Customer { get; init; }

    public string? Description { get; init; }

    public JsonObject? LastPaymentError { get; init; }

    public string? LatestCharge { get; init; }

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public JsonObject? NextAction { get; init; }

    public string? PaymentMethod { get; init; }

    public IReadOnlyList<string> PaymentMethodTypes { get; init; } = ["card"];

    public object? Processing => null;

    public string? ReceiptEmail { get; init; }

    public string? SetupFutureUsage { get; init; }

    public string? StatementDescriptor { get; init; }

    public string Status { get; init; } = IntentStatus.RequiresPaymentMethod;

    /// <summary>The Checkout Session that made this intent.</summary>
    [SandboxOnly]
    public string? CheckoutSession { get; init; }

    /// <summary>When a payment in <c>processing</c> is decided.</summary>
    [SandboxOnly]
    public long? ProcessedAt { get; init; }
}

/// <summary>The saving of a card without a payment.</summary>
internal sealed record SetupIntent : IRecord
{
    public required string Id { get; init; }

    public string Object => "setup_intent";

    public AutomaticPaymentMethods? AutomaticPaymentMethods { get; init; }

    public string? CancellationReason { get; init; }

    public required string ClientSecret { get; init; }

    public long Created { get; init; }

    public string? Customer { get; init; }

    public string? Description { get; init; }

    public JsonObject? LastSetupError { get; init; }

    public bool Livemode => false;

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public JsonObject? NextAction { get; init; }

    public string? PaymentMethod { get; init; }

    public IReadOnlyList<string> PaymentMethodTypes => ["card"];

    public string Status { get; init; } = IntentStatus.RequiresPaymentMethod;

    public string Usage { get; init; } = "off_session";
}
