using BillingPortal.Data;
using BillingPortal.Documents.Billing;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Documents.Receipts;

/// <summary>
/// Issues the receipts of settled purchases and keeps their credit lines up with refunds and disputes. Not in the
/// settlement's own transaction, where the series' lock would put all tenants' payments in a row, but right after it;
/// whoever asks for a receipt that is not there yet issues it. Every method commits and is safe to repeat.
/// </summary>
public sealed partial class ReceiptService(
    Database database, IOptions<SellerOptions> seller, TimeProvider clock, ILogger<ReceiptService> logger)
{
    /// <summary>The receipt, up to date; null while the purchase is not settled, or is not one.</summary>
    public async Task<IssuedReceipt?> IssueAsync(Guid purchaseId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await SettledAsync(unit, purchaseId, cancellationToken) is not { } purchase)
        {
            return null;
        }

        var isIssued = await unit.Db.Set<Receipt>().AnyAsync(row => row.PurchaseId == purchaseId, cancellationToken);
        if (unit.IsReadOnly)
        {
            // Who only looks is shown what is there; a number is given by the settlement or by the night's job.
            return isIssued ? await WithCreditsAsync(unit, purchaseId, cancellationToken) : null;
        }

        if (!isIssued)
        {
            await AddAsync(unit, purchase, cancellationToken);
        }

        var issued = await WithCreditsAsync(unit, purchaseId, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return issued;
    }

    /// <summary>
    /// Issues what is missing and notes refunds that are not on their receipt yet, oldest payment first; of one tenant,
    /// or of all. Says how many it touched.
    /// </summary>
    public async Task<int> IssueMissingAsync(
        Guid? tenantId, int most, CancellationToken cancellationToken = default)
    {
        var behind = await BehindAsync(tenantId, most, cancellationToken);
        foreach (var purchaseId in behind)
        {
            await IssueAsync(purchaseId, cancellationToken);
        }

        return behind.Count;
    }

    private async Task<List<Guid>> BehindAsync(Guid? tenantId, int most, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (
            from purchase in unit.Db.Set<Purchase>()
            join receipt in unit.Db.Set<Receipt>() on purchase.Id equals receipt.PurchaseId into receipts
            from receipt in receipts.DefaultIfEmpty()
            where purchase.SettledAt != null && (tenantId == null || purchase.TenantId == tenantId)
                && (receipt == null || receipt.RefundedCents != purchase.RefundedCents
                    || receipt.DisputedCents != purchase.DisputedCents)
            orderby purchase.SettledAt, purchase.Id
            select purchase.Id).Take(most).ToListAsync(cancellationToken);
    }

    private static Task<Purchase?> SettledAsync(
        UnitOfWork unit, Guid purchaseId, CancellationToken cancellationToken) =>
        unit.Db.Set<Purchase>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == purchaseId && row.SettledAt != null, cancellationToken);

    // The row of the series is the lock: the next number is counted when the one before is committed or given back.
    private async Task AddAsync(UnitOfWork unit, Purchase purchase, CancellationToken cancellationToken)
    {
        var (series, year) = (seller.Value.Series, purchase.SettledAt!.Value.UtcDateTime.Year);
        var number = await DocumentSeries.NextAsync(unit, series, year, cancellationToken);
        if (await unit.Db.Set<Receipt>().AnyAsync(row => row.PurchaseId == purchase.Id, cancellationToken))
        {
            // Somebody issued it while we waited: the number goes back, under the same lock.
            await DocumentSeries.GiveBackAsync(unit, series, year, cancellationToken);
            return;
        }

        var customer = await BillingDetailsService.CustomerAsync(unit, purchase.TenantId, cancellationToken);
        var receipt = new Receipt
        {
            PurchaseId = purchase.Id,
            TenantId = purchase.TenantId,
            Series = series,
            Year = year,
            Number = number,
            IssuedAt = clock.GetUtcNow(),
            Seller = seller.Value.ToParty(),
            Customer = customer.Party,
            TaxName = customer.TaxName,
            TaxPercent = customer.TaxPercent,
            PurchaseOrder = customer.PurchaseOrder,
        };
        unit.Db.Add(receipt);
        await unit.Db.SaveChangesAsync(cancellationToken);
        LogIssued(logger, receipt.Text, purchase.Id, purchase.TenantId);
    }

    // Lock first, then read the purchase: a reading from before the lock could note a refund twice.
    private static async Task<IssuedReceipt> WithCreditsAsync(
        UnitOfWork unit, Guid purchaseId, CancellationToken cancellationToken)
    {
        unit.Db.ChangeTracker.Clear();
        var receipts = unit.IsReadOnly
            ? unit.Db.Set<Receipt>().Where(row => row.PurchaseId == purchaseId)
            : unit.Db.Set<Receipt>().FromSql($"SELECT * FROM receipts WHERE purchase_id = {purchaseId} FOR UPDATE");
        var receipt = await receipts.SingleAsync(cancellationToken);
        var purchase = (await SettledAsync(unit, purchaseId, cancellationToken))!;
        var credits = await unit.Db.Set<ReceiptCredit>().AsNoTracking().Where(row => row.PurchaseId == purchaseId)
            .OrderBy(row => row.Ordinal).ToListAsync(cancellationToken);
        foreach (var (reason, cents) in new[]
        {
            (CreditReason.Refund, purchase.RefundedCents - receipt.RefundedCents),
            (CreditReason.Dispute, purchase.DisputedCents - receipt.DisputedCents),
        }.Where(change => change.Item2 != 0))
        {
            credits.Add(new ReceiptCredit
            {
                PurchaseId = purchaseId,
                Ordinal = credits.Count + 1,
                TenantId = receipt.TenantId,
                Reason = reason,
                Cents = cents,
                NotedAt = purchase.UpdatedAt,
            });
            unit.Db.Add(credits[^1]);
        }

        (receipt.RefundedCents, receipt.DisputedCents) = (purchase.RefundedCents, purchase.DisputedCents);
        return new IssuedReceipt(receipt, purchase, credits);
    }

    [LoggerMessage(LogLevel.Information, "Receipt {Number} issued for purchase {PurchaseId} of tenant {TenantId}")]
    private static partial void LogIssued(ILogger logger, string number, Guid purchaseId, Guid tenantId);
}

/// <summary>A receipt with everything that stands on it.</summary>
public sealed record IssuedReceipt(Receipt Receipt, Purchase Purchase, IReadOnlyList<ReceiptCredit> Credits);
