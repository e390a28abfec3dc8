using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Purchases;

/// <summary>
/// Reads purchases: the one that a browser is about to make, and the payment history. Changes nothing.
/// </summary>
public sealed class PurchaseReader(Database database)
{
    private const int OnTheWayMax = 20;

    public async Task<Purchase?> FindAsync(Guid tenantId, Guid id, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Purchase>().AsNoTracking()
            .SingleOrDefaultAsync(purchase => purchase.TenantId == tenantId && purchase.Id == id, cancellationToken);
    }

    /// <summary>The payment of an invoice that may still come, if one was begun.</summary>
    public async Task<Purchase?> OpenOfInvoiceAsync(
        Guid tenantId, Guid invoiceId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Purchase>().AsNoTracking().SingleOrDefaultAsync(
            purchase => purchase.TenantId == tenantId && purchase.InvoiceId == invoiceId
                && (purchase.State == PurchaseState.Started || purchase.State == PurchaseState.RequiresAction
                    || purchase.State == PurchaseState.Processing),
            cancellationToken);
    }

    /// <summary>What became of a browser's attempt, however often the page was reloaded.</summary>
    public async Task<Purchase?> FindByAttemptAsync(
        Guid tenantId, string attemptKey, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Purchase>().AsNoTracking().SingleOrDefaultAsync(
            purchase => purchase.TenantId == tenantId && purchase.AttemptKey == attemptKey, cancellationToken);
    }

    /// <summary>Paid, but still with the bank: nothing of it is in the balance. Oldest first.</summary>
    public async Task<IReadOnlyList<Purchase>> OnTheWayAsync(
        Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Purchase>().AsNoTracking()
            .Where(purchase => purchase.TenantId == tenantId && purchase.State == PurchaseState.Processing)
            .OrderBy(purchase => purchase.CreatedAt).Take(OnTheWayMax).ToListAsync(cancellationToken);
    }

    /// <summary>The payment history, newest first, from before a time on.</summary>
    public async Task<IReadOnlyList<Purchase>> ListAsync(
        Guid tenantId, int max, DateTimeOffset? before = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Purchase>().AsNoTracking()
            .Where(purchase => purchase.TenantId == tenantId && (before == null || purchase.CreatedAt < before))
            .OrderByDescending(purchase => purchase.CreatedAt).Take(max).ToListAsync(cancellationToken);
    }
}
