using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Purchases;

/// <summary>
/// What a payment must know of the invoice that it pays. The room Invoices, which lives above this one, implements it.
/// </summary>
public interface IInvoicePayments
{
    /// <summary>Locks the invoice until the unit ends; false when it is paid or void already.</summary>
    Task<bool> LockUnpaidAsync(UnitOfWork unit, Guid invoiceId, CancellationToken cancellationToken);

    /// <summary>
    /// Marks the locked invoice paid by this purchase and gives its credits, unless they were given when it was issued.
    /// Answers the balance afterwards.
    /// </summary>
    Task<Amount> PaidAsync(UnitOfWork unit, Purchase purchase, CancellationToken cancellationToken);
}
