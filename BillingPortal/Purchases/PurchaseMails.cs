using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
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
            [nameof(ReceiptMail.Pdf)] = app.Value.Link(PurchaseTexts.ReceiptPath(purchase.Id)).ToString(),
        },
        key: $"receipt:{purchase.Id}");

    /// <summary>Credits went back, or came again. The caller commits.</summary>
    internal void EnqueueReversal(
        UnitOfWork unit, Purchase purchase, IReadOnlyList<ReversalStep> steps, PostResult after, string? note)
    {
        var taken = steps.Sum(step => step.TakenE4);
        var amount = PurchaseTexts.Text(new Amount(Math.Abs(taken), purchase.Unit));
        var isDispute = steps.Any(step => step.IsDispute);
        var title = (isDispute, taken > 0) switch
        {
            (true, true) => $"Payment disputed: {amount} taken back",
            (true, false) => $"Dispute decided for you: {amount} given back",
            (false, true) => $"Payment refunded: {amount} taken back",
            (false, false) => $"Refund did not go through: {amount} given back",
        };
        Enqueue(unit, purchase, isDispute ? "dispute" : "refund", title, isDispute && taken > 0, after,
            $"reversal:{purchase.Id}:{purchase.Reversals}", isDispute ? null : note);
    }

    /// <summary>A payment that had been with the bank failed after all. Once per try; the caller commits.</summary>
    internal void EnqueueCameBack(UnitOfWork unit, Purchase purchase)
    {
        var refusal = PurchaseTexts.Refusal(purchase);
        mailer.Enqueue<PaymentFailedMail>(
            unit, purchase.TenantId, MailKinds.PaymentFailed,
            $"Your payment of {PurchaseTexts.Price(purchase)} did not go through",
            new Dictionary<string, object?>
            {
                [nameof(PaymentFailedMail.Price)] = PurchaseTexts.Price(purchase),
                [nameof(PaymentFailedMail.For)] = PurchaseTexts.Text(purchase.Credits),
                [nameof(PaymentFailedMail.From)] = PurchaseTexts.Card(purchase),
                [nameof(PaymentFailedMail.Reason)] = refusal.Reason,
                [nameof(PaymentFailedMail.Advice)] = refusal.Advice,
                [nameof(PaymentFailedMail.Link)] = app.Value.Link("/buy").ToString(),
            },
            key: $"payment-failed:{purchase.Id}:{purchase.ChargeId}");
    }

    /// <summary>The bank asks about a payment; nothing is taken yet. The caller commits.</summary>
    internal void EnqueueInquiry(UnitOfWork unit, Purchase purchase) => Enqueue(
        unit, purchase, "dispute", "A cardholder's bank asks about a payment", isDispute: true, after: null,
        $"inquiry:{purchase.Id}");

    private void Enqueue(
        UnitOfWork unit, Purchase purchase, string kind, string title, bool isDispute, PostResult? after, string key,
        string? note = null) =>
        mailer.Enqueue<ReversalMail>(
            unit, purchase.TenantId, kind, title,
            new Dictionary<string, object?>
            {
                [nameof(ReversalMail.Title)] = title,
                [nameof(ReversalMail.Price)] = PurchaseTexts.Price(purchase),
                [nameof(ReversalMail.Refunded)] = purchase.RefundedCents == 0
                    ? null : PurchaseTexts.Text(Amount.UsdCents(purchase.RefundedCents)),
                [nameof(ReversalMail.Note)] = note,
                [nameof(ReversalMail.Number)] = PurchaseTexts.ReceiptNumber(purchase),
                [nameof(ReversalMail.Balance)] = after is null ? null : PurchaseTexts.Text(after.Balance),
                [nameof(ReversalMail.Debt)] =
                    after is { Debt.IsPositive: true } ? PurchaseTexts.Text(after.Debt) : null,
                [nameof(ReversalMail.PausesRecharge)] = isDispute,
                [nameof(ReversalMail.Link)] = app.Value.Link("/transactions").ToString(),
            },
            key,
            text: note);
}
