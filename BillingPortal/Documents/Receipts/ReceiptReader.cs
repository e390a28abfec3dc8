using BillingPortal.Data;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Documents.Receipts;

/// <summary>A tenant's receipts: the list, newest payment first, and one as a file.</summary>
public sealed class ReceiptReader(Database database, PurchaseReader purchases, ReceiptService receipts)
{
    /// <summary>Issues first what is missing, so that every payment of the list has its number.</summary>
    public async Task<IReadOnlyList<ReceiptRow>> ListAsync(
        Guid tenantId, int most, CancellationToken cancellationToken = default)
    {
        await receipts.IssueMissingAsync(tenantId, most, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await (
            from receipt in unit.Db.Set<Receipt>()
            join purchase in unit.Db.Set<Purchase>() on receipt.PurchaseId equals purchase.Id
            where receipt.TenantId == tenantId
            orderby purchase.SettledAt descending, receipt.Number descending
            select new ReceiptRow(receipt, purchase)).AsNoTracking().Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Null when the tenant has no settled purchase of that id.</summary>
    public async Task<DocumentFile?> FileAsync(
        Guid tenantId, Guid purchaseId, CancellationToken cancellationToken = default)
    {
        if (await purchases.FindAsync(tenantId, purchaseId, cancellationToken) is not { SettledAt: not null })
        {
            return null;
        }

        return await receipts.IssueAsync(purchaseId, cancellationToken) is { } issued
            ? new DocumentFile($"receipt-{issued.Receipt.Text}.pdf", DocumentFile.Pdf, ReceiptPdf.Write(issued))
            : null;
    }
}

/// <summary>One line of the list.</summary>
public sealed record ReceiptRow(Receipt Receipt, Purchase Purchase);
