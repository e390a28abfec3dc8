using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Invoices;

/// <summary>
/// An invoice from the order to its end: sold to a tenant with terms, paid online or by a transfer that staff saw, or
/// taken back. Each method is one transaction; the provider is asked between them.
/// </summary>
public sealed partial class InvoiceService(
    Database database, PurchaseQuotes quotes, PurchaseService purchases, PurchaseReader reader, InvoiceReader invoices,
    InvoiceIssuer issuer, InvoicePayments payments, TransferPayments transfers, LedgerWriter ledger, InvoiceMails mails, AuditLog audit,
    BalanceFeed feed, TimeProvider clock, ILogger<InvoiceService> logger) : IInvoiceSales
{
    public async Task<InvoiceOffer?> OfferAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var terms = await unit.Db.Set<InvoiceTerms>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
        if (terms is not { IsApproved: true })
        {
            return null;
        }

        var unpaid = await InvoiceIssuer.UnpaidAsync(unit, tenantId, Today, cancellationToken);
        var judgement = InvoicePolicy.Judge(terms, unpaid, 1);
        return new InvoiceOffer(
            Today.AddDays(terms.DueDays), judgement.LeftCents, terms.Gives is InvoiceCredit.OnApproval,
            judgement.Verdict is InvoiceVerdict.Allowed ? null : InvoiceTexts.Refusal(judgement));
    }

    public async Task<InvoiceSale> SellAsync(
        Guid tenantId, StartPurchase request, string attemptKey, Guid? userId,
        CancellationToken cancellationToken = default)
    {
        var wanted = request with { PaymentMethodId = null, SavePaymentMethod = false, EnableAutoRecharge = false };
        var quote = await quotes.QuoteAsync(tenantId, wanted, cancellationToken);
        if (quote.Offer is not { } offer)
        {
            return new InvoiceSale(null, quote.Detail ?? "That cannot be bought.");
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var situation = await issuer.LockAsync(unit, tenantId, cancellationToken);
        var known = await unit.Db.Set<Invoice>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId && row.AttemptKey == attemptKey, cancellationToken);
        if (known is not null)
        {
            return known.PriceCents == offer.PriceCents && known.Credits == offer.Credits
                ? new InvoiceSale(known.Id, null)
                : new InvoiceSale(null, "This attempt has issued another invoice already. Look at your invoices.");
        }

        var judgement = situation.Judge(offer.PriceCents);
        if (judgement.Verdict is not InvoiceVerdict.Allowed)
        {
            return new InvoiceSale(null, InvoiceTexts.Refusal(judgement));
        }

        var invoice = await issuer.IssueAsync(unit, situation.Terms!, new InvoiceOrder(
            Ids.New(), InvoiceOrigin.Buyer, offer.Credits, Amount.Zero(offer.Credits.Unit), offer.PriceCents,
            offer.PackageCode, attemptKey, userId), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return new InvoiceSale(invoice.Id, null);
    }

    /// <summary>
    /// Begins or goes on with the online payment of an unpaid invoice; a paid one is refused before Stripe is asked.
    /// </summary>
    public async Task<StartResult> PayAsync(
        Guid tenantId, Guid invoiceId, string? paymentMethodId, Guid? userId,
        CancellationToken cancellationToken = default)
    {
        if (await invoices.FindAsync(tenantId, invoiceId, cancellationToken) is { IsUnpaid: true } unpaid)
        {
            return await purchases.PayInvoiceAsync(
                tenantId, OfferOf(unpaid), paymentMethodId, userId, cancellationToken);
        }

        return new StartResult(
            StartOutcome.Invalid, Detail: "This invoice is paid or void already: nothing is owed. Nothing was charged.");
    }

    /// <summary>
    /// A transfer that staff saw on the bank account. The amount must be the invoice's; the same reference again records
    /// nothing more. It cannot be undone.
    /// </summary>
    public async Task<TransferOutcome> RecordTransferAsync(
        Guid invoiceId, TransferSeen seen, Actor actor, CancellationToken cancellationToken = default)
    {
        var reference = seen.Reference.Trim();
        if (reference.Length is 0 or > InvoiceMap.ReferenceMax || seen.PaidOn > Today)
        {
            return TransferOutcome.Invalid;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await InvoicePayments.LockAsync(unit, invoiceId, cancellationToken) is not { } invoice)
        {
            return TransferOutcome.Unknown;
        }

        if (!invoice.IsUnpaid)
        {
            return invoice.State is InvoiceState.Void ? TransferOutcome.IsVoid
                : invoice.TransferReference == reference ? TransferOutcome.AlreadyRecorded : TransferOutcome.AlreadyPaid;
        }

        if (seen.AmountCents != invoice.PriceCents || seen.PaidOn < DateOnly.FromDateTime(invoice.IssuedAt.UtcDateTime))
        {
            return seen.AmountCents != invoice.PriceCents ? TransferOutcome.AmountDiffers : TransferOutcome.Invalid;
        }

        if (await IsBeingPaidOnlineAsync(unit, invoiceId, cancellationToken))
        {
            return TransferOutcome.PaidOnline;
        }

        await PayByTransferAsync(unit, invoice, reference, seen.PaidOn, actor, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        LogTransfer(logger, invoice.Text, invoice.TenantId);
        await CancelOpenAsync(invoice, cancellationToken);
        return TransferOutcome.Recorded;
    }

    /// <summary>Takes an unpaid invoice back: nothing is owed, and what it gave is taken from the balance; the rest becomes debt.</summary>
    public async Task<VoidOutcome> VoidAsync(
        Guid invoiceId, string reason, Actor actor, CancellationToken cancellationToken = default)
    {
        var why = reason.Trim().TrimEnd('.');
        if (why.Length is 0 or > InvoiceMap.ReasonMax)
        {
            return VoidOutcome.Invalid;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var invoice = await InvoicePayments.LockAsync(unit, invoiceId, cancellationToken);
        if (invoice is not { IsUnpaid: true })
        {
            return invoice?.State is InvoiceState.Void ? VoidOutcome.AlreadyVoid : VoidOutcome.NotUnpaid;
        }

        if (await IsBeingPaidOnlineAsync(unit, invoiceId, cancellationToken))
        {
            return VoidOutcome.PaidOnline;
        }

        var now = clock.GetUtcNow();
        (invoice.State, invoice.VoidedAt, invoice.VoidReason) = (InvoiceState.Void, now, why);
        if (invoice.CreditedAt is not null)
        {
            await ledger.PostAsync(unit, InvoiceTexts.TakenBack(invoice, now), cancellationToken);
        }

        mails.EndOverdue(unit, invoice);
        mails.EnqueueVoid(unit, invoice);
        Record(unit, invoice, actor, "invoice.voided", $"Invoice {invoice.Text} over {InvoiceTexts.Price(invoice)} taken back: {why}");
        feed.Ring(unit, invoice.TenantId);
        await unit.CommitAsync(cancellationToken);
        await CancelOpenAsync(invoice, cancellationToken);
        return VoidOutcome.Voided;
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private async Task PayByTransferAsync(
        UnitOfWork unit, Invoice invoice, string reference, DateOnly paidOn, Actor actor,
        CancellationToken cancellationToken)
    {
        var paidAt = paidOn == Today ? clock.GetUtcNow() : new DateTimeOffset(paidOn, new TimeOnly(12, 0), TimeSpan.Zero);
        var purchase = transfers.Add(unit, new TransferPayment(
            invoice.TenantId, invoice.Id, OfferOf(invoice), paidAt, actor.Id));
        invoice.TransferReference = reference;
        var balance = await payments.MarkPaidAsync(unit, invoice, purchase, cancellationToken);
        transfers.Tell(unit, purchase, balance);
        Record(
            unit, invoice, actor, "invoice.transfer_recorded",
            $"Bank transfer of {InvoiceTexts.Price(invoice)} for invoice {invoice.Text} recorded, reference {reference}");
    }

    private static Offer OfferOf(Invoice invoice) => new(
        invoice.Credits, invoice.Bonus, invoice.PriceCents, invoice.PackageCode, SaveCard: false,
        EnableAutoRecharge: false)
    { InvoiceId = invoice.Id };

    private static Task<bool> IsBeingPaidOnlineAsync(
        UnitOfWork unit, Guid invoiceId, CancellationToken cancellationToken) =>
        unit.Db.Set<Purchase>().AnyAsync(
            row => row.InvoiceId == invoiceId && row.State == PurchaseState.Processing, cancellationToken);

    private void Record(UnitOfWork unit, Invoice invoice, Actor actor, string action, string summary) =>
        audit.Record(unit, new AuditRecord(
            invoice.TenantId, actor, action, "invoice", invoice.Id.ToString(), summary,
            After: new { invoice.State, invoice.TransferReference, invoice.VoidReason }));

    // What could still be paid online is closed; if it was paid a moment before, the settlement flags it for a person.
    private async Task CancelOpenAsync(Invoice invoice, CancellationToken cancellationToken)
    {
        try
        {
            if (await reader.OpenOfInvoiceAsync(invoice.TenantId, invoice.Id, cancellationToken) is { } open)
            {
                await purchases.CancelAsync(open, cancellationToken);
            }
        }
        catch (ProviderException fault)
        {
            LogNotClosed(logger, invoice.Text, fault.Code); // the sweep closes it within a day
        }
    }

    [LoggerMessage(LogLevel.Information, "Invoice {Number} of tenant {TenantId} was paid by bank transfer")]
    private static partial void LogTransfer(ILogger logger, string number, Guid tenantId);

    [LoggerMessage(LogLevel.Warning, "The online payment of invoice {Number} could not be closed: {Code}")]
    private static partial void LogNotClosed(ILogger logger, string number, string code);
}

/// <summary>A transfer as it stands on the bank's statement.</summary>
public sealed record TransferSeen(long AmountCents, string Reference, DateOnly PaidOn);

/// <summary>What became of recording a transfer.</summary>
public enum TransferOutcome
{
    Recorded = 1,

    /// <summary>The same reference was recorded before.</summary>
    AlreadyRecorded,
    Unknown,
    AlreadyPaid,
    IsVoid,
    AmountDiffers,

    /// <summary>A bank debit begun online is under way; only one of them can pay.</summary>
    PaidOnline,

    /// <summary>No reference, or a day before the invoice or after today.</summary>
    Invalid,
}

/// <summary>What became of taking an invoice back.</summary>
public enum VoidOutcome
{
    Voided = 1,
    AlreadyVoid,
    NotUnpaid,
    PaidOnline,
    Invalid,
}
