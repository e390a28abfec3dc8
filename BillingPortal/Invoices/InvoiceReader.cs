using BillingPortal.Data;
using BillingPortal.Documents;
using BillingPortal.Documents.Billing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Invoices;

/// <summary>A tenant's invoices: the list, youngest first, one, and one as a file. Changes nothing.</summary>
public sealed class InvoiceReader(Database database, IOptions<SellerOptions> seller)
{
    private const int OverdueMax = 5;

    public async Task<IReadOnlyList<Invoice>> ListAsync(
        Guid tenantId, int most, DateTimeOffset? before = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Invoice>().AsNoTracking()
            .Where(row => row.TenantId == tenantId && (before == null || row.IssuedAt < before))
            .OrderByDescending(row => row.IssuedAt).ThenByDescending(row => row.Number).Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>One page, youngest first, below the cursor.</summary>
    public async Task<IReadOnlyList<Invoice>> PageAsync(
        Guid tenantId, int most, DateTimeOffset? before, InvoiceCursor? after, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rows = unit.Db.Set<Invoice>().AsNoTracking()
            .Where(row => row.TenantId == tenantId && (before == null || row.IssuedAt < before));
        if (after is { IssuedAt: var at, Id: var id })
        {
            rows = rows.Where(row => EF.Functions.LessThan(
                ValueTuple.Create(row.IssuedAt, row.Id), ValueTuple.Create(at, id)));
        }

        return await rows.OrderByDescending(row => row.IssuedAt).ThenByDescending(row => row.Id).Take(most)
            .ToListAsync(cancellationToken);
    }

    public async Task<Invoice?> FindAsync(
        Guid tenantId, Guid invoiceId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Invoice>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Id == invoiceId, cancellationToken);
    }

    /// <summary>The overdue ones, the longest first; a few are enough to say so.</summary>
    public async Task<IReadOnlyList<Invoice>> OverdueAsync(
        Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<Invoice>().AsNoTracking()
            .Where(row => row.TenantId == tenantId && row.State == InvoiceState.Overdue)
            .OrderBy(row => row.DueOn).Take(OverdueMax).ToListAsync(cancellationToken);
    }

    /// <summary>True for a tenant that may buy on invoice or ever did: the page is of use to it.</summary>
    public async Task<bool> ConcernsAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<InvoiceTerms>().AnyAsync(
            row => row.TenantId == tenantId && row.IsApproved, cancellationToken)
            || await unit.Db.Set<Invoice>().AnyAsync(row => row.TenantId == tenantId, cancellationToken);
    }

    /// <summary>Null when the tenant has no such invoice.</summary>
    public async Task<DocumentFile?> FileAsync(
        Guid tenantId, Guid invoiceId, CancellationToken cancellationToken = default) =>
        await FindAsync(tenantId, invoiceId, cancellationToken) is { } invoice
            ? new DocumentFile(
                $"invoice-{invoice.Text}.pdf", DocumentFile.Pdf, InvoicePdf.Write(invoice, seller.Value.BankDetails))
            : null;
}
