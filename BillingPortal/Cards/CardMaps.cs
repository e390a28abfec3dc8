using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Cards;

/// <summary>Table <c>stripe_customers</c>: one row per tenant.</summary>
internal sealed class StripeCustomerMap : IEntityTypeConfiguration<StripeCustomer>
{
    public void Configure(EntityTypeBuilder<StripeCustomer> builder)
    {
        builder.ToTable("stripe_customers");
        builder.HasKey(customer => customer.TenantId);
        builder.HasIndex(customer => customer.CustomerId).IsUnique();
    }
}

/// <summary>
/// Table <c>payment_methods</c>. Removed cards stay as rows, so that old payments can still name their card.
/// </summary>
internal sealed class SavedCardMap : IEntityTypeConfiguration<SavedCard>
{
    public void Configure(EntityTypeBuilder<SavedCard> builder)
    {
        builder.ToTable("payment_methods", table =>
        {
            table.HasCheckConstraint(
                "ck_payment_methods_expiry", "exp_month BETWEEN 1 AND 12 AND exp_year BETWEEN 2000 AND 2999");
            table.HasCheckConstraint("ck_payment_methods_last4", "last4 ~ '^[0-9]{4}$'");
            table.HasCheckConstraint("ck_payment_methods_default_kept", "NOT is_default OR removed_at IS NULL");
        });
        builder.HasKey(card => card.Id);
        builder.HasCode(card => card.State);
        builder.HasIndex(card => card.PaymentMethodId).IsUnique();
        builder.HasIndex(card => new { card.TenantId, card.Priority });
        builder.HasIndex(card => card.TenantId).IsUnique().HasFilter("is_default").HasDatabaseName(
            "ux_payment_methods_default");
        builder.HasIndex(card => new { card.TenantId, card.Fingerprint }).IsUnique()
            .HasFilter("removed_at IS NULL AND fingerprint IS NOT NULL").HasDatabaseName(
                "ux_payment_methods_same_card");
    }
}
