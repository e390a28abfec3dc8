using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Purchases;

/// <summary>
/// Table <c>purchases</c>. Its unique indexes are what "exactly once" rests on, beside the ledger's keys.
/// </summary>
internal sealed class PurchaseMap : IEntityTypeConfiguration<Purchase>
{
    public void Configure(EntityTypeBuilder<Purchase> builder)
    {
        builder.ToTable("purchases", table =>
        {
            table.HasCheckConstraint("ck_purchases_amounts",
                "credits_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0 AND refunded_cents BETWEEN 0 AND price_cents");
            table.HasCheckConstraint("ck_purchases_settled",
                "(state = 'settled') = (settled_at IS NOT NULL) "
                + "AND (state <> 'settled' OR payment_intent_id IS NOT NULL OR kind = 'bank_transfer') "
                + "AND (kind <> 'bank_transfer' OR invoice_id IS NOT NULL)");
            table.HasCheckConstraint(
                "ck_purchases_afterwards", "settled_at IS NOT NULL OR (refunded_cents = 0 AND dispute IS NULL)");
            table.HasCheckConstraint(
                "ck_purchases_taken_back",
                "refund_taken_e4 >= 0 AND dispute_taken_e4 >= 0 AND disputed_cents BETWEEN 0 AND price_cents "
                + "AND refund_taken_e4 + dispute_taken_e4 <= credits_e4 + bonus_e4");
            table.HasCheckConstraint("ck_purchases_attempt_key", "length(attempt_key) BETWEEN 1 AND 255");
        });
        builder.HasKey(purchase => purchase.Id);
        builder.Ignore(purchase => purchase.Credits);
        builder.Ignore(purchase => purchase.Bonus);
        builder.Ignore(purchase => purchase.IsOpen);
        builder.HasCode(purchase => purchase.Kind);
        builder.HasCode(purchase => purchase.Unit);
        builder.HasCode(purchase => purchase.State);
        builder.HasCode(purchase => purchase.Dispute);
        builder.HasIndex(purchase => new { purchase.TenantId, purchase.AttemptKey }).IsUnique();
        builder.HasIndex(purchase => purchase.PaymentIntentId).IsUnique();
        builder.HasIndex(purchase => purchase.CheckoutSessionId).IsUnique();
        builder.HasIndex(purchase => new { purchase.TenantId, purchase.CreatedAt });
        builder.HasIndex(purchase => purchase.UpdatedAt).HasFilter(
            "state IN ('started', 'requires_action', 'processing')")
            .HasDatabaseName("ix_purchases_open");
        // The bonus for switching auto-recharge on is given once per tenant.
        builder.HasIndex(purchase => purchase.TenantId).IsUnique()
            .HasFilter("bonus_e4 > 0 AND kind <> 'auto_recharge' AND invoice_id IS NULL AND state = 'settled'")
            .HasDatabaseName("ux_purchases_switch_on_bonus");
        // An invoice is paid once, and by one online payment at a time: two tabs share it.
        builder.HasIndex(purchase => purchase.InvoiceId, "ux_purchases_invoice_paid").IsUnique()
            .HasFilter("invoice_id IS NOT NULL AND state = 'settled'");
        builder.HasIndex(purchase => purchase.InvoiceId, "ux_purchases_invoice_open").IsUnique()
            .HasFilter("invoice_id IS NOT NULL AND state IN ('started', 'requires_action', 'processing')");
    }
}
