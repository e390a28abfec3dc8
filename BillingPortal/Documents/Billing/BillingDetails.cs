using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Documents.Billing;

/// <summary>
/// What a tenant wants to read on its receipts and statements. Documents keep a copy: a change shows on later ones
/// only.
/// </summary>
public sealed class BillingDetails
{
    public Guid TenantId { get; init; }

    public required string LegalName { get; set; }

    /// <summary>Up to <see cref="BillingDetailsForm.AddressLinesMax"/> lines.</summary>
    public required string Address { get; set; }

    /// <summary>ISO 3166-1, two letters.</summary>
    public required string Country { get; set; }

    public string? VatId { get; set; }

    /// <summary>What the tax is called: VAT, GST, USt.</summary>
    public required string TaxName { get; set; }

    /// <summary>Contained in every price; 0 shows no tax.</summary>
    public decimal TaxPercent { get; set; }

    /// <summary>The customer's own reference, printed as it is.</summary>
    public string? PurchaseOrder { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public Guid? UpdatedBy { get; set; }

    internal Party ToParty() => new(LegalName, Address.Split('\n'), Country, VatId);
}

/// <summary>Table <c>billing_details</c>: at most one row per tenant.</summary>
internal sealed class BillingDetailsMap : IEntityTypeConfiguration<BillingDetails>
{
    public void Configure(EntityTypeBuilder<BillingDetails> details)
    {
        details.ToTable("billing_details", table =>
        {
            table.HasCheckConstraint("ck_billing_details_country", "country ~ '^[A-Z]{2}$'");
            table.HasCheckConstraint("ck_billing_details_tax", "tax_percent >= 0 AND tax_percent < 100");
        });
        details.HasKey(row => row.TenantId);
        details.Property(row => row.LegalName).HasMaxLength(BillingDetailsForm.NameMax);
        details.Property(row => row.Address).HasMaxLength(BillingDetailsForm.AddressMax);
        details.Property(row => row.Country).HasMaxLength(2);
        details.Property(row => row.VatId).HasMaxLength(BillingDetailsForm.VatIdMax);
        details.Property(row => row.TaxName).HasMaxLength(BillingDetailsForm.TaxNameMax);
        details.Property(row => row.TaxPercent).HasPrecision(7, 4);
        details.Property(row => row.PurchaseOrder).HasMaxLength(BillingDetailsForm.PurchaseOrderMax);
    }
}
