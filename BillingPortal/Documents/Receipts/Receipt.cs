using System.Globalization;
using BillingPortal.Data;
using BillingPortal.Documents.Billing;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Documents.Receipts;

/// <summary>
/// The receipt of one settled purchase. Holds at every commit: one per purchase; the numbers of a series and year are
/// 1, 2, 3 … without a gap; seller, customer and tax stay what they were when it was issued.
/// </summary>
public sealed class Receipt
{
    public Guid PurchaseId { get; init; }

    public Guid TenantId { get; init; }

    public required string Series { get; init; }

    /// <summary>Of the payment, in UTC.</summary>
    public int Year { get; init; }

    public int Number { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public required Party Seller { get; init; }

    public required Party Customer { get; init; }

    public required string TaxName { get; init; }

    public decimal TaxPercent { get; init; }

    public string? PurchaseOrder { get; init; }

    /// <summary>What the credit lines add up to, by their reasons.</summary>
    public int RefundedCents { get; set; }

    public int DisputedCents { get; set; }

    /// <summary><c>BP-2026-000017</c></summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Series}-{Year}-{Number:D6}");
}

/// <summary>Why money of a payment went back.</summary>
public enum CreditReason
{
    Refund = 1,
    Dispute,
}

/// <summary>One line of a receipt's credit note: money that went back, or with a negative amount came again.</summary>
public sealed class ReceiptCredit
{
    public Guid PurchaseId { get; init; }

    /// <summary>1, 2, 3 … per receipt.</summary>
    public int Ordinal { get; init; }

    public Guid TenantId { get; init; }

    public CreditReason Reason { get; init; }

    public int Cents { get; init; }

    public DateTimeOffset NotedAt { get; init; }
}

/// <summary>The last number given out in a seller's series and year. Its row is the lock for the next.</summary>
public sealed class ReceiptSeries
{
    public required string Series { get; init; }

    public int Year { get; init; }

    public int LastNumber { get; init; }
}

/// <summary>Table <c>receipts</c>.</summary>
internal sealed class ReceiptMap : IEntityTypeConfiguration<Receipt>
{
    public void Configure(EntityTypeBuilder<Receipt> receipt)
    {
        receipt.ToTable("receipts", table => table.HasCheckConstraint(
            "ck_receipts_figures",
            "number > 0 AND tax_percent >= 0 AND tax_percent < 100 AND refunded_cents >= 0 AND disputed_cents >= 0"));
        receipt.HasKey(row => row.PurchaseId);
        receipt.Ignore(row => row.Text);
        receipt.Property(row => row.Series).HasMaxLength(8);
        receipt.Property(row => row.TaxPercent).HasPrecision(7, 4);
        receipt.HasParty(row => row.Seller);
        receipt.HasParty(row => row.Customer);
        receipt.HasIndex(row => new { row.Series, row.Year, row.Number }).IsUnique();
        receipt.HasIndex(row => new { row.TenantId, row.IssuedAt });
        receipt.HasOne<Purchase>().WithOne().HasForeignKey<Receipt>(row => row.PurchaseId)
            .OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>receipt_credits</c>.</summary>
internal sealed class ReceiptCreditMap : IEntityTypeConfiguration<ReceiptCredit>
{
    public void Configure(EntityTypeBuilder<ReceiptCredit> credit)
    {
        credit.ToTable("receipt_credits", table => table.HasCheckConstraint(
            "ck_receipt_credits_figures", "ordinal > 0 AND cents <> 0"));
        credit.HasKey(row => new { row.PurchaseId, row.Ordinal });
        credit.HasCode(row => row.Reason);
        credit.HasOne<Receipt>().WithMany().HasForeignKey(row => row.PurchaseId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>receipt_series</c>; no tenant's, so closed to tenants' sessions.</summary>
internal sealed class ReceiptSeriesMap : IEntityTypeConfiguration<ReceiptSeries>
{
    public void Configure(EntityTypeBuilder<ReceiptSeries> series)
    {
        series.ToTable("receipt_series", table => table.HasCheckConstraint(
            "ck_receipt_series_last", "last_number >= 0"));
        series.HasKey(row => new { row.Series, row.Year });
        series.Property(row => row.Series).HasMaxLength(8);
    }
}
