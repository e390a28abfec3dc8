using BillingPortal.Outbox;
using BillingPortal.Purchases;

namespace BillingPortal.Documents.Receipts;

/// <summary>A payment became credits: its receipt is issued, a moment after the settlement's commit.</summary>
internal sealed class ReceiptHandler(ReceiptService receipts) : IOutboxHandler
{
    public string Kind => PurchaseSettled.MessageKind;

    public Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        receipts.IssueAsync(message.Read<PurchaseSettled>().PurchaseId, cancellationToken);
}
