namespace BillingPortal.Cards;

/// <summary>Whether a saved card can be expected to work.</summary>
public enum CardState
{
    Active = 1,

    /// <summary>Its last month ends within the notice period.</summary>
    Expiring,

    Expired,

    /// <summary>Refused in a way that no retry will mend; another card, or new data for this one, is needed.</summary>
    NeedsAttention,
}

/// <summary>
/// A card that a tenant keeps with Stripe. Only what a person needs to recognise it is stored; the number never reaches
/// this server. Holds at every commit: at most one default per tenant among the cards that are not removed.
/// </summary>
public sealed class SavedCard
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    /// <summary>Stripe's id. Changes when the same card is saved again.</summary>
    public string PaymentMethodId { get; set; } = "";

    public string Brand { get; set; } = "";

    public string Last4 { get; set; } = "";

    public int ExpMonth { get; set; }

    public int ExpYear { get; set; }

    /// <summary>The same for the same card number within one Stripe account.</summary>
    public string? Fingerprint { get; set; }

    public CardState State { get; set; }

    /// <summary>The order in which auto-recharge falls back; smallest first.</summary>
    public int Priority { get; set; }

    public bool IsDefault { get; set; }

    public string? LastDeclineCode { get; set; }

    public DateTimeOffset? LastDeclinedAt { get; set; }

    /// <summary>When Stripe made the payment method: of two for one card the younger wins.</summary>
    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>The last announcement of its expiry that went out, in days before; null for none.</summary>
    public int? ExpiryNoticeDays { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RemovedAt { get; set; }
}
