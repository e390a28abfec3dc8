using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Invoices;

/// <summary>
/// The invoice's side of a payment, whichever way it came: the row's lock lets one payment win, and the credits are
/// given then unless they were given before. In the payment's transaction; never commits.
/// </summary>
public sealed class InvoicePayments(
    InvoiceIssuer issuer, InvoiceMails mails, BalanceReader balances, TimeProvider clock) : IInvoicePayments
{
    public async Task<bool> LockUnpaidAsync(UnitOfWork unit, Guid invoiceId, CancellationToken cancellationToken) =>
        await LockAsync(unit, invoiceId, cancellationToken) is { IsUnpaid: true };

    public async Task<Amount> PaidAsync(UnitOfWork unit, Purchase purchase, CancellationToken cancellationToken)
    {
        var invoice = await LockAsync(unit, purchase.InvoiceId!.Value, cancellationToken);
        if (invoice is not { IsUnpaid: true })
        {
            throw new InvalidOperationException($"Invoice {purchase.InvoiceId} is not unpaid: lock it first.");
        }

        return await MarkPaidAsync(unit, invoice, purchase, cancellationToken);
    }

    /// <summary>The caller holds the lock and has seen that it is unpaid.</summary>
    internal async Task<Amount> MarkPaidAsync(
        UnitOfWork unit, Invoice invoice, Purchase purchase, CancellationToken cancellationToken)
    {
        (invoice.State, invoice.PaidAt) = (InvoiceState.Paid, purchase.SettledAt ?? clock.GetUtcNow());
        invoice.PaidByPurchase = purchase.Id;
        mails.EndOverdue(unit, invoice);
        return await issuer.GiveAsync(unit, invoice, cancellationToken)
            ?? (await balances.ReadAsync(unit, invoice.TenantId, invoice.Unit, cancellationToken)).Posted;
    }

    internal static async Task<Invoice?> LockAsync(
        UnitOfWork unit, Guid invoiceId, CancellationToken cancellationToken) =>
        (await unit.Db.Set<Invoice>().FromSql($"SELECT * FROM invoices WHERE id = {invoiceId} FOR UPDATE")
            .ToListAsync(cancellationToken)).SingleOrDefault();
}
