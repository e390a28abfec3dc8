using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>How a purchase came about.</summary>
public enum PurchaseKind
{
    /// <summary>On the page or over the API, with a PaymentIntent of ours.</summary>
    OnSession = 1,

    /// <summary>On Stripe's hosted Checkout page.</summary>
    Checkout,

    /// <summary>Off session, by the auto-recharge rule; the row's id is the attempt's.</summary>
    AutoRecharge,

    /// <summary>A transfer that staff saw on the bank account: it pays an invoice and has no PaymentIntent.</summary>
    BankTransfer,
}

/// <summary>
/// Where a purchase stands. <see cref="Settled"/> is final; refunds and disputes are noted beside it.
/// </summary>
public enum PurchaseState
{
    /// <summary>Recorded; not paid. A declined card leaves it here, on the same intent.</summary>
    Started = 1,

    /// <summary>The bank wants the customer (3-D Secure).</summary>
    RequiresAction,

    /// <summary>The payment is with the bank; credits are on the way.</summary>
    Processing,

    /// <summary>Paid, and the credits are posted.</summary>
    Settled,

    /// <summary>Declined, and its intent is cancelled: it can no longer be paid.</summary>
    Failed,

    /// <summary>Given up before a card was refused; its intent is cancelled.</summary>
    Canceled,
}

/// <summary>What became of a dispute over a settled purchase.</summary>
public enum DisputeState
{
    Open = 1,
    Won,
    Lost,
}

/// <summary>
/// One buying of credits or wallet funds, and one line of the payment history. Holds at every commit: at most one
/// payment intent per purchase and one purchase per intent; credits are posted when and only when <see
/// cref="SettledAt"/> is set.
/// </summary>
public sealed class Purchase
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public PurchaseKind Kind { get; init; }

    public Unit Unit { get; init; }

    /// <summary>What was bought, in ten-thousandths of <see cref="Unit"/>, without the bonus.</summary>
    public long CreditsE4 { get; init; }

    /// <summary>The bonus: promised while open, given once settled.</summary>
    public long BonusE4 { get; set; }

    public int PriceCents { get; init; }

    public string Currency { get; init; } = "usd";

    /// <summary>The package's code, or null for a custom amount.</summary>
    public string? PackageCode { get; init; }

    /// <summary>
    /// The invoice that this pays; its credits are the invoice's then, and are posted under its key, once.
    /// </summary>
    public Guid? InvoiceId { get; init; }

    public PurchaseState State { get; set; }

    /// <summary>Made by the caller before the first try; unique per tenant.</summary>
    public string AttemptKey { get; init; } = "";

    public string? PaymentIntentId { get; set; }

    public string? CheckoutSessionId { get; set; }

    /// <summary>Stripe's id of the card chosen or used last.</summary>
    public string? PaymentMethodId { get; set; }

    public string? CardBrand { get; set; }

    public string? CardLast4 { get; set; }

    public bool SaveCard { get; set; }

    public bool EnableAutoRecharge { get; init; }

    /// <summary>How often our server asked Stripe to confirm; numbers the idempotency keys.</summary>
    public int Confirmations { get; set; }

    /// <summary>
    /// Set, and committed, before a call to Stripe whose answer decides this payment; cleared by a fresh reading. While
    /// it is set the outcome is unknown.
    /// </summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>
    /// Why the last card was refused: Stripe's decline code, else its error code. Never shown as it is.
    /// </summary>
    public string? DeclineCode { get; set; }

    public string? ChargeId { get; set; }

    /// <summary>Given back to the card, or on its way there.</summary>
    public int RefundedCents { get; set; }

    /// <summary>What the bank has taken back because of disputes; less again when one is won.</summary>
    public int DisputedCents { get; set; }

    public DisputeState? Dispute { get; set; }

    /// <summary>What refunds have taken back of <see cref="CreditsE4"/> and <see cref="BonusE4"/>.</summary>
    public long RefundTakenE4 { get; set; }

    /// <summary>What disputes have taken back of them.</summary>
    public long DisputeTakenE4 { get; set; }

    /// <summary>How often refunds or disputes changed this row; numbers the ledger keys of what they moved.</summary>
    public int Reversals { get; set; }

    /// <summary>Why a person should look at it; null when nobody needs to.</summary>
    public string? ReviewReason { get; set; }

    public Guid? StartedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public Amount Credits => new(CreditsE4, Unit);

    public Amount Bonus => new(BonusE4, Unit);

    public bool IsOpen => State is PurchaseState.Started or PurchaseState.RequiresAction or PurchaseState.Processing;
}
