using BillingPortal.Data;
using BillingPortal.Documents.Billing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Invoices;

/// <summary>Table <c>invoices</c>.</summary>
internal sealed class InvoiceMap : IEntityTypeConfiguration<Invoice>
{
    public const int ReferenceMax = 140;
    public const int ReasonMax = 300;

    public void Configure(EntityTypeBuilder<Invoice> invoice)
    {
        invoice.ToTable("invoices", table =>
        {
            table.HasCheckConstraint("ck_invoices_figures",
                "number > 0 AND credits_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0 "
                + "AND tax_percent >= 0 AND tax_percent < 100");
            table.HasCheckConstraint("ck_invoices_paid",
                "(state = 'paid') = (paid_at IS NOT NULL) AND (state = 'paid') = (paid_by_purchase IS NOT NULL) "
                + "AND (state <> 'paid' OR credited_at IS NOT NULL)");
            table.HasCheckConstraint("ck_invoices_void", "(state = 'void') = (voided_at IS NOT NULL)");
        });
        invoice.HasKey(row => row.Id);
        invoice.Ignore(row => row.Credits);
        invoice.Ignore(row => row.Bonus);
        invoice.Ignore(row => row.IsUnpaid);
        invoice.Ignore(row => row.Text);
        invoice.HasCode(row => row.State);
        invoice.HasCode(row => row.Origin);
        invoice.HasCode(row => row.Unit);
        invoice.HasCode(row => row.Gives);
        invoice.Property(row => row.Series).HasMaxLength(8);
        invoice.Property(row => row.AttemptKey).HasMaxLength(255);
        invoice.Property(row => row.TaxPercent).HasPrecision(7, 4);
        invoice.Property(row => row.TransferReference).HasMaxLength(ReferenceMax);
        invoice.Property(row => row.VoidReason).HasMaxLength(ReasonMax);
        invoice.HasParty(row => row.Seller);
        invoice.HasParty(row => row.Customer);
        invoice.HasIndex(row => new { row.Series, row.Year, row.Number }).IsUnique();
        invoice.HasIndex(row => new { row.TenantId, row.AttemptKey }).IsUnique();
        invoice.HasIndex(row => new { row.TenantId, row.IssuedAt });
        invoice.HasIndex(row => row.DueOn).HasFilter("state IN ('open', 'overdue')")
            .HasDatabaseName("ix_invoices_unpaid");
    }
}
