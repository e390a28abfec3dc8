namespace BillingPortal.Providers.Payments;

/// <summary>Where a payment stands. <c>Unknown</c> is a word that Stripe did not have when this was written.</summary>
public enum PaymentStatus
{
    Unknown,
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    RequiresCapture,
    Succeeded,
    Canceled,
}

/// <summary>What may follow a refusal.</summary>
public enum DeclineClass
{
    /// <summary>The same card may work later, another one now.</summary>
    RetryLater,

    /// <summary>This card will not work again.</summary>
    NewCardNeeded,

    /// <summary>The bank wants to see the customer (3-D Secure).</summary>
    BringTheCustomer,
}

/// <summary>
/// A card's refusal, in the provider's words and in ours. The words are for staff; people read plain sentences.
/// </summary>
public sealed record Decline(
    string Code, string? DeclineCode, string? AdviceCode, DeclineClass Class, string? PaymentMethodId);

/// <summary>
/// A payment at the provider. <c>ClientSecret</c> belongs to the paying browser alone and is never logged.
/// </summary>
public sealed record PaymentIntent(
    string Id, PaymentStatus Status, long AmountCents, long AmountReceivedCents, string Currency, string? CustomerId,
    string? PaymentMethodId, string? ClientSecret, IReadOnlyDictionary<string, string> Metadata, Decline? LastDecline,
    string? LatestChargeId, bool LiveMode, DateTimeOffset CreatedAt)
{
    public override string ToString() => $"{Id} {Status}";
}

/// <summary>
/// The answer to a payment or its confirmation. A refusal is an answer, not a fault; the intent stands either way.
/// </summary>
public sealed record PaymentResult(PaymentIntent Intent, Decline? Decline);

/// <summary>The saving of a card for later, in the same steps as a payment.</summary>
public sealed record SetupIntent(
    string Id, PaymentStatus Status, string? CustomerId, string? PaymentMethodId, string? ClientSecret,
    IReadOnlyDictionary<string, string> Metadata, Decline? LastDecline, bool LiveMode, DateTimeOffset CreatedAt)
{
    public override string ToString() => $"{Id} {Status}";
}

/// <summary>The answer to a server-side confirmation of a <see cref="SetupIntent"/>.</summary>
public sealed record SetupResult(SetupIntent Intent, Decline? Decline);

/// <summary>What may be shown of a card.</summary>
public sealed record CardDetails(
    string Brand, string Last4, int ExpMonth, int ExpYear, string? Fingerprint, string? Funding, string? Country)
{
    /// <summary><c>apple_pay</c>, <c>google_pay</c>; null for a card that was typed.</summary>
    public string? Wallet { get; init; }
}

/// <summary>What may be shown of a bank account.</summary>
public sealed record BankDetails(string? BankName, string Last4);

/// <summary>
/// A means of payment at the provider; without a customer it is detached. <c>Card</c> is null for other types.
/// </summary>
public sealed record PaymentMethod(
    string Id, string Type, string? CustomerId, CardDetails? Card, bool LiveMode, DateTimeOffset CreatedAt)
{
    /// <summary>Null for other types than a US bank account.</summary>
    public BankDetails? Bank { get; init; }
}

/// <summary>A tenant at the provider. A deleted one keeps its id and nothing else.</summary>
public sealed record Customer(
    string Id, string? DefaultPaymentMethodId, IReadOnlyDictionary<string, string> Metadata, bool Deleted);

/// <summary>Where a hosted checkout page stands.</summary>
public enum CheckoutStatus
{
    Unknown,
    Open,
    Complete,
    Expired,
}

/// <summary>
/// A hosted checkout page. <c>Paid</c> alone says that money was taken; the page may be complete before.
/// </summary>
public sealed record CheckoutSession(
    string Id, CheckoutStatus Status, bool Paid, Uri? Url, string? PaymentIntentId, string? CustomerId,
        long AmountTotalCents,
    string Currency, string? ClientReferenceId, IReadOnlyDictionary<string, string> Metadata, DateTimeOffset? ExpiresAt,
    bool LiveMode, DateTimeOffset CreatedAt);

/// <summary>Where a refund stands.</summary>
public enum RefundStatus
{
    Unknown,
    Pending,
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>Money going back to a card.</summary>
public sealed record Refund(
    string Id, RefundStatus Status, long AmountCents, string Currency, string? PaymentIntentId, string? ChargeId,
    string? FailureReason, IReadOnlyDictionary<string, string> Metadata, DateTimeOffset CreatedAt);

/// <summary>
/// Where a cardholder's dispute stands. The three <c>Warning…</c> are inquiries: no money has moved.
/// </summary>
public enum DisputeStatus
{
    Unknown,
    WarningNeedsResponse,
    WarningUnderReview,
    WarningClosed,
    NeedsResponse,
    UnderReview,
    Won,
    Lost,
    Prevented,
}

/// <summary>A cardholder's objection to a payment. The bank takes the money first and decides later.</summary>
public sealed record Dispute(
    string Id, DisputeStatus Status, long AmountCents, string Currency, string? PaymentIntentId, string? ChargeId,
    string? Reason, DateTimeOffset CreatedAt);

/// <summary>One try of a payment; <c>PaymentIntentId</c> says which payment.</summary>
public sealed record Charge(string Id, string? PaymentIntentId, long AmountCents, long RefundedCents);

/// <summary>
/// Something that happened at the provider. <c>Body</c> is kept for the inbox; decisions re-fetch the object.
/// </summary>
public sealed record ProviderEvent(
    string Id, string Type, string? ObjectId, bool LiveMode, DateTimeOffset CreatedAt, string Body);

/// <summary>One page of a list, newest first; the next one starts after the last item's id.</summary>
public sealed record ProviderPage<T>(IReadOnlyList<T> Items, bool HasMore);
