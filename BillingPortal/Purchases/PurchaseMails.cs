using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.Purchases;

/// <summary>
/// The mail about a purchase: its receipt, once, to the people who pay. Auto-recharge writes its own.
/// </summary>
public sealed class PurchaseMails(Mailer mailer, IOptions<AppOptions> app)
{
    /// <summary>The caller commits.</summary>
    public void EnqueueReceipt(UnitOfWork unit, Purchase purchase, Amount balance) => mailer.Enqueue<ReceiptMail>(
        unit, purchase.TenantId, "receipt",
        $"Receipt: {PurchaseTexts.Text(purchase.Credits)} for {PurchaseTexts.Price(purchase)}",
        new Dictionary<string, object?>
        {
            [nameof(ReceiptMail.Bought)] = PurchaseTexts.Text(purchase.Credits),
            [nameof(ReceiptMail.Bonus)] = purchase.BonusE4 == 0 ? null : PurchaseTexts.Text(purchase.Bonus),
            [nameof(ReceiptMail.Price)] = PurchaseTexts.Price(purchase),
            [nameof(ReceiptMail.Balance)] = PurchaseTexts.Text(balance),
            [nameof(ReceiptMail.Card)] = PurchaseTexts.Card(purchase),
            [nameof(ReceiptMail.PaidAt)] = purchase.SettledAt,
            [nameof(ReceiptMail.Number)] = PurchaseTexts.ReceiptNumber(purchase),
            [nameof(ReceiptMail.Link)] = app.Value.Link("/transactions").ToString(),
        },
        key: $"receipt:{purchase.Id}");
}
