namespace BillingPortal.Providers.Payments;

/// <summary>A tenant to be known at the provider.</summary>
public sealed record CreateCustomer(string? Email, string? Name, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A card to be saved for payments without the customer.</summary>
public sealed record CreateSetupIntent(string CustomerId, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// A payment. Without <c>Confirm</c> the browser finishes it; with <c>Confirm</c> it is tried at once with the given
/// card, and with <c>OffSession</c> nobody is there to answer the bank.
/// </summary>
public sealed record CreatePayment(long AmountCents, string CustomerId)
{
    public string Currency { get; init; } = "usd";

    public string? PaymentMethodId { get; init; }

    public bool Confirm { get; init; }

    public bool OffSession { get; init; }

    /// <summary>Save the card for payments without the customer.</summary>
    public bool SaveCard { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>One more try of an existing payment, with another card or with the customer present.</summary>
public sealed record ConfirmPayment(string? PaymentMethodId, bool OffSession, Uri? ReturnUrl = null);

/// <summary>Why a payment is given up.</summary>
public enum CancelReason
{
    Abandoned,
    Duplicate,
    Fraudulent,
    RequestedByCustomer,
}

/// <summary>A hosted page for one payment. The metadata goes to the page and to its payment.</summary>
public sealed record CreateCheckout(
    string CustomerId, long AmountCents, string ProductName, string SuccessUrl, string CancelUrl,
        string ClientReferenceId)
{
    public string Currency { get; init; } = "usd";

    public bool SaveCard { get; init; } = true;

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>Why money goes back.</summary>
public enum RefundReason
{
    Duplicate,
    Fraudulent,
    RequestedByCustomer,
}

/// <summary>Money back for a payment; without an amount, all that is left.</summary>
public sealed record CreateRefund(
    string PaymentIntentId, long? AmountCents, RefundReason? Reason, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// A page of a list: from a time on, before a time, after an object of the page before, of one customer (payments only);
/// 100 at most.
/// </summary>
public sealed record ListQuery(
    DateTimeOffset? CreatedSince = null, string? StartingAfter = null, int Limit = 100, string? CustomerId = null,
    DateTimeOffset? CreatedBefore = null);
