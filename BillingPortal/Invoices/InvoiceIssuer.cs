using BillingPortal.Data;
using BillingPortal.Documents;
using BillingPortal.Documents.Billing;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Invoices;

/// <summary>
/// Issues invoices and gives their credits, inside the caller's transaction (of the operations role) and under the lock
/// of the tenant's terms: the limit holds however many ask at once. Never commits.
/// </summary>
public sealed partial class InvoiceIssuer(
    TopUp topUp, GrantBooks grants, GrantOptions grantOptions, InvoiceMails mails, BalanceFeed feed,
    IOptions<SellerOptions> seller, TimeProvider clock, ILogger<InvoiceIssuer> logger)
{
    /// <summary>The terms and what is unpaid, as they stand; whoever issues locks them first.</summary>
    public async Task<InvoiceSituation> ReadAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) => new(
            await unit.Db.Set<InvoiceTerms>().AsNoTracking()
                .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken),
            await UnpaidAsync(unit, tenantId, Today, cancellationToken));

    /// <summary>True while a recharge's invoice is unpaid whose credits come with the payment: another would only pile up.</summary>
    public Task<bool> AwaitsPaymentAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<Invoice>().AnyAsync(
            row => row.TenantId == tenantId && row.Origin == InvoiceOrigin.AutoRecharge && row.CreditedAt == null
                && (row.State == InvoiceState.Open || row.State == InvoiceState.Overdue),
            cancellationToken);

    /// <summary>The terms under their lock, and what is unpaid; without terms there is nothing to lock.</summary>
    public async Task<InvoiceSituation> LockAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        var terms = (await unit.Db.Set<InvoiceTerms>()
            .FromSql($"SELECT * FROM invoice_terms WHERE tenant_id = {tenantId} FOR UPDATE")
            .ToListAsync(cancellationToken)).SingleOrDefault();
        return new InvoiceSituation(terms, await UnpaidAsync(unit, tenantId, Today, cancellationToken));
    }

    /// <summary>
    /// Issues the invoice: its number, its frozen papers, its mail and, for tenants approved for that, its credits. The
    /// caller has locked the terms and judged them.
    /// </summary>
    public async Task<Invoice> IssueAsync(
        UnitOfWork unit, InvoiceTerms terms, InvoiceOrder order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var customer = await BillingDetailsService.CustomerAsync(unit, terms.TenantId, cancellationToken);
        var (series, year) = (seller.Value.InvoiceSeries, now.UtcDateTime.Year);
        var invoice = new Invoice
        {
            Id = order.Id,
            TenantId = terms.TenantId,
            Series = series,
            Year = year,
            Number = await DocumentSeries.NextAsync(unit, series, year, cancellationToken),
            State = InvoiceState.Open,
            Origin = order.Origin,
            Unit = order.Credits.Unit,
            CreditsE4 = order.Credits.E4,
            BonusE4 = order.Bonus.E4,
            PriceCents = order.PriceCents,
            PackageCode = order.PackageCode,
            Gives = terms.Gives,
            AttemptKey = order.AttemptKey,
            IssuedAt = now,
            DueOn = DateOnly.FromDateTime(now.UtcDateTime).AddDays(terms.DueDays),
            IssuedBy = order.IssuedBy,
            Seller = seller.Value.ToParty(),
            Customer = customer.Party,
            TaxName = customer.TaxName,
            TaxPercent = customer.TaxPercent,
            PurchaseOrder = customer.PurchaseOrder,
        };
        unit.Db.Add(invoice);
        if (terms.Gives is InvoiceCredit.OnApproval)
        {
            await GiveAsync(unit, invoice, cancellationToken);
        }

        mails.EnqueueIssued(unit, invoice);
        feed.Ring(unit, invoice.TenantId);
        LogIssued(logger, invoice.Text, invoice.Id, invoice.TenantId, invoice.PriceCents);
        return invoice;
    }

    /// <summary>Posts the invoice's credits, unless they were given before. Answers the balance after it, null when not posted.</summary>
    internal async Task<Amount?> GiveAsync(UnitOfWork unit, Invoice invoice, CancellationToken cancellationToken)
    {
        if (invoice.CreditedAt is not null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var postings = InvoiceTexts.Credits(invoice, now);
        var results = await topUp.PostAsync(unit, postings, cancellationToken);
        if (results.Take(postings.Count).FirstOrDefault(result => !result.IsPosted || result.Differs) is { } refused)
        {
            throw new InvalidOperationException($"Invoice {invoice.Id} could not be credited: {refused.Outcome}.");
        }

        invoice.CreditedAt = now;
        if (invoice.BonusE4 > 0 && grantOptions.BonusDays is { } days)
        {
            await grants.AddAsync(
                unit, invoice.TenantId, results[1], now.AddDays(days), $"Bonus of {invoice.Text}",
                invoice.Id.ToString(), cancellationToken);
        }

        return results[^1].Balance;
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    internal static async Task<UnpaidInvoices> UnpaidAsync(
        UnitOfWork unit, Guid tenantId, DateOnly today, CancellationToken cancellationToken)
    {
        var unpaid = await unit.Db.Set<Invoice>()
            .Where(row => row.TenantId == tenantId
                && (row.State == InvoiceState.Open || row.State == InvoiceState.Overdue))
            .Select(row => new { row.PriceCents, row.DueOn }).ToListAsync(cancellationToken);
        return new UnpaidInvoices(
            unpaid.Sum(row => (long)row.PriceCents), unpaid.Any(row => InvoicePolicy.IsLate(row.DueOn, today)));
    }

    [LoggerMessage(LogLevel.Information, "Invoice {Number} ({InvoiceId}) issued to tenant {TenantId}: {PriceCents} cents")]
    private static partial void LogIssued(ILogger logger, string number, Guid invoiceId, Guid tenantId, int priceCents);
}

/// <summary>The terms, if there are any, and what is unpaid.</summary>
public sealed record InvoiceSituation(InvoiceTerms? Terms, UnpaidInvoices Unpaid)
{
    public InvoiceJudgement Judge(long priceCents) => InvoicePolicy.Judge(Terms, Unpaid, priceCents);
}

/// <summary>What is to be invoiced.</summary>
public sealed record InvoiceOrder(
    Guid Id, InvoiceOrigin Origin, Amount Credits, Amount Bonus, int PriceCents, string? PackageCode, string AttemptKey,
    Guid? IssuedBy);
