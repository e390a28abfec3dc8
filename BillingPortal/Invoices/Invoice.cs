using System.Globalization;
using BillingPortal.Documents.Billing;
using BillingPortal.Kernel;

namespace BillingPortal.Invoices;

/// <summary>Where an invoice stands: open → paid | overdue → paid | void.</summary>
public enum InvoiceState
{
    Open = 1,

    /// <summary>Not paid on its due day; no further invoice is issued meanwhile.</summary>
    Overdue,
    Paid,

    /// <summary>Taken back by staff; nothing is owed.</summary>
    Void,
}

/// <summary>Who asked for it.</summary>
public enum InvoiceOrigin
{
    Buyer = 1,
    AutoRecharge,
}

/// <summary>
/// One buying of credits or funds that is paid later. Holds at every commit: the numbers of a series and year are 1, 2,
/// 3 … without a gap; seller, customer, tax and figures stay what they were when it was issued; its credits are posted
/// once, under the key of its id, when and only when <see cref="CreditedAt"/> is set; a paid one has its credits.
/// </summary>
public sealed class Invoice
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public required string Series { get; init; }

    /// <summary>Of the issue, in UTC.</summary>
    public int Year { get; init; }

    public int Number { get; init; }

    public InvoiceState State { get; set; }

    public InvoiceOrigin Origin { get; init; }

    public Unit Unit { get; init; }

    /// <summary>What was bought, without the bonus.</summary>
    public long CreditsE4 { get; init; }

    /// <summary>Given with it: auto-recharge's bonus.</summary>
    public long BonusE4 { get; init; }

    public int PriceCents { get; init; }

    public string? PackageCode { get; init; }

    /// <summary>As the terms were when it was issued.</summary>
    public InvoiceCredit Gives { get; init; }

    /// <summary>Made by the caller before the first try; unique per tenant.</summary>
    public string AttemptKey { get; init; } = "";

    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>The last day on which it is paid in time, in UTC.</summary>
    public DateOnly DueOn { get; init; }

    public Guid? IssuedBy { get; init; }

    public required Party Seller { get; init; }

    public required Party Customer { get; init; }

    public required string TaxName { get; init; }

    public decimal TaxPercent { get; init; }

    public string? PurchaseOrder { get; init; }

    public DateTimeOffset? CreditedAt { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>The payment's line in the payment history.</summary>
    public Guid? PaidByPurchase { get; set; }

    /// <summary>The bank transfer's reference, where staff recorded one.</summary>
    public string? TransferReference { get; set; }

    public DateTimeOffset? VoidedAt { get; set; }

    public string? VoidReason { get; set; }

    public Amount Credits => new(CreditsE4, Unit);

    public Amount Bonus => new(BonusE4, Unit);

    public bool IsUnpaid => State is InvoiceState.Open or InvoiceState.Overdue;

    /// <summary><c>INV-2026-000017</c></summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Series}-{Year}-{Number:D6}");
}
