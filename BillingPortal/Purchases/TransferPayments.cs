using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;

namespace BillingPortal.Purchases;

/// <summary>
/// Bank transfers in the payment history: each pays one invoice, gets its receipt and is told like any other payment.
/// Records what a person saw on the bank account; moves no money. The caller commits.
/// </summary>
public sealed class TransferPayments(OutboxWriter outbox, PurchaseMails mails, BalanceFeed feed, TimeProvider clock)
{
    /// <summary>The settled purchase; the caller gives the invoice's credits next.</summary>
    public Purchase Add(UnitOfWork unit, TransferPayment transfer)
    {
        var now = clock.GetUtcNow();
        var purchase = new Purchase
        {
            Id = Ids.New(),
            TenantId = transfer.TenantId,
            Kind = PurchaseKind.BankTransfer,
            Unit = transfer.Bought.Credits.Unit,
            CreditsE4 = transfer.Bought.Credits.E4,
            BonusE4 = transfer.Bought.Bonus.E4,
            PriceCents = transfer.Bought.PriceCents,
            PackageCode = transfer.Bought.PackageCode,
            InvoiceId = transfer.InvoiceId,
            State = PurchaseState.Settled,
            AttemptKey = $"transfer:{transfer.InvoiceId}",
            StartedBy = transfer.RecordedBy,
            CreatedAt = now,
            UpdatedAt = now,
            SettledAt = transfer.PaidAt,
        };
        unit.Db.Add(purchase);
        return purchase;
    }

    /// <summary>The receipt's mail, and the news for the other rooms.</summary>
    public void Tell(UnitOfWork unit, Purchase purchase, Amount balance)
    {
        mails.EnqueueReceipt(unit, purchase, balance);
        outbox.Enqueue(
            unit, PurchaseSettled.MessageKind, purchase.TenantId, PurchaseSettled.Of(purchase),
            key: $"settled:{purchase.Id}");
        feed.Ring(unit, purchase.TenantId);
    }
}
