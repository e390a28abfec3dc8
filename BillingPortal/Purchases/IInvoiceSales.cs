using BillingPortal.Data;

namespace BillingPortal.Purchases;

/// <summary>
/// Buying on invoice, as the page Buy credits offers it. The room Invoices, which lives above this one, implements it.
/// </summary>
public interface IInvoiceSales
{
    /// <summary>Null when the tenant was not approved for it.</summary>
    Task<InvoiceOffer?> OfferAsync(Guid tenantId, CancellationToken cancellationToken = default);

    /// <summary>Issues the invoice; the same key again answers with the first one.</summary>
    Task<InvoiceSale> SellAsync(
        Guid tenantId, StartPurchase request, string attemptKey, Guid? userId,
        CancellationToken cancellationToken = default);
}

/// <summary>What buying on invoice would mean today.</summary>
/// <param name="DueOn">The last day to pay.</param>
/// <param name="LeftCents">How much may still be bought.</param>
/// <param name="GivesAtOnce">Whether the credits come with the invoice, or with its payment.</param>
/// <param name="Refusal">Why nothing is sold on invoice now; null when it is.</param>
public sealed record InvoiceOffer(DateOnly DueOn, long LeftCents, bool GivesAtOnce, string? Refusal);

/// <summary>The invoice's id, or why there is none, in plain words.</summary>
public sealed record InvoiceSale(Guid? InvoiceId, string? Refusal);

/// <summary>A transfer that staff saw on the bank account.</summary>
public sealed record TransferPayment(
    Guid TenantId, Guid InvoiceId, Offer Bought, DateTimeOffset PaidAt, Guid? RecordedBy);
