using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Invoices;

/// <summary>When an invoice's credits are given.</summary>
public enum InvoiceCredit
{
    /// <summary>When the invoice is paid.</summary>
    OnPayment = 1,

    /// <summary>When it is issued: the tenant was approved for that.</summary>
    OnApproval,
}

/// <summary>
/// What one tenant was allowed: to buy on invoice, how long it may take to pay, and how much may be unpaid. Its row is
/// the lock under which invoices are issued.
/// </summary>
public sealed class InvoiceTerms
{
    public const int DueDaysMin = 7;
    public const int DueDaysMax = 60;
    public const int DueDaysDefault = 14;

    /// <summary>One invoice can be as large as the largest purchase; a million dollars unpaid is a typing error.</summary>
    public const int LimitCentsMax = 100_000_000;

    public Guid TenantId { get; init; }

    /// <summary>False: withdrawn. Invoices that were issued stay as they are.</summary>
    public bool IsApproved { get; set; }

    public int DueDays { get; set; } = DueDaysDefault;

    /// <summary>The sum of unpaid invoices never exceeds it.</summary>
    public int LimitCents { get; set; }

    public InvoiceCredit Gives { get; set; } = InvoiceCredit.OnPayment;

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The staff's person.</summary>
    public Guid? UpdatedBy { get; set; }
}

/// <summary>Table <c>invoice_terms</c>: at most one row per tenant.</summary>
internal sealed class InvoiceTermsMap : IEntityTypeConfiguration<InvoiceTerms>
{
    public void Configure(EntityTypeBuilder<InvoiceTerms> terms)
    {
        terms.ToTable("invoice_terms", table => table.HasCheckConstraint(
            "ck_invoice_terms_bounds",
            $"due_days BETWEEN {InvoiceTerms.DueDaysMin} AND {InvoiceTerms.DueDaysMax} "
            + $"AND limit_cents BETWEEN 1 AND {InvoiceTerms.LimitCentsMax}"));
        terms.HasKey(row => row.TenantId);
        terms.HasCode(row => row.Gives);
    }
}
