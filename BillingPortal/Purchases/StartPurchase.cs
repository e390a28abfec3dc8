using BillingPortal.Cards;
using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// What somebody wants to buy: exactly one of package, custom amount and custom credits, and how it is to be paid.
/// </summary>
public sealed record StartPurchase
{
    /// <summary>A package's id or code.</summary>
    public string? PackageId { get; init; }

    /// <summary>US dollars.</summary>
    public decimal? CustomAmount { get; init; }

    public long? CustomCredits { get; init; }

    /// <summary><see cref="Unit.Usd"/> adds wallet funds: then only <see cref="CustomAmount"/> fits.</summary>
    public Unit Unit { get; init; } = Unit.Credits;

    public bool SavePaymentMethod { get; init; }

    /// <summary>
    /// Stripe's id of a saved card, which is charged at once; null when the browser brings a new one.
    /// </summary>
    public string? PaymentMethodId { get; init; }

    public bool EnableAutoRecharge { get; init; }
}

/// <summary>
/// What a request comes to: the figures that the page shows before paying and that the purchase is recorded with.
/// </summary>
public sealed record Offer(
    Amount Credits, Amount Bonus, int PriceCents, string? PackageCode, bool SaveCard, bool EnableAutoRecharge)
{
    /// <summary>The invoice to be paid; null for a buying of its own.</summary>
    public Guid? InvoiceId { get; init; }

    /// <summary>
    /// True when the purchase was recorded for the same thing. How it is paid may differ from try to try: after a
    /// decline a saved card may take the place of a new one on the same intent.
    /// </summary>
    public bool Matches(Purchase purchase, bool paysWithSavedCard) =>
        purchase.Credits == Credits && purchase.PriceCents == PriceCents && purchase.InvoiceId == InvoiceId
            && purchase.EnableAutoRecharge == EnableAutoRecharge
        && (purchase.SaveCard == SaveCard || paysWithSavedCard);
}

/// <summary>The offer, or why there is none.</summary>
public sealed record Quote(QuoteOutcome Outcome, Offer? Offer = null, string? Detail = null);

/// <summary>Whether something can be bought.</summary>
public enum QuoteOutcome
{
    Offered = 1,
    UnknownPackage,

    /// <summary>The request contradicts itself or is out of bounds; the detail says what to change.</summary>
    Invalid,
}

/// <summary>Where a try to buy has come to.</summary>
public enum StartOutcome
{
    /// <summary>The intent waits for the browser to confirm it with a card.</summary>
    Ready = 1,

    /// <summary>The bank wants the customer: the browser goes on with the client secret.</summary>
    RequiresAction,
    Processing,
    Settled,

    /// <summary>Refused; the purchase stays open for another try on the same intent.</summary>
    Declined,

    /// <summary>Stripe was asked to charge and has not answered. Nobody may ask again before it is known.</summary>
    Checking,

    /// <summary>This attempt is over without a payment; a new one needs a new key.</summary>
    Ended,
    UnknownPackage,
    Invalid,

    /// <summary>The attempt key was used for something else.</summary>
    KeyReused,
    UnknownCard,

    /// <summary>Stripe could not be reached and nothing was charged; the same key may be tried again.</summary>
    Unreachable,
}

/// <summary>The answer to a try. <c>ClientSecret</c> is for the buyer's browser alone and is never logged.</summary>
public sealed record StartResult(
    StartOutcome Outcome, Purchase? Purchase = null, string? ClientSecret = null, DeclineText? Decline =
        null, string? Detail = null)
{
    public override string ToString() => $"{Outcome} {Purchase?.Id}";
}
