using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Documents.Billing;

/// <summary>Reads and saves a tenant's billing details. A save says who made it and when.</summary>
public sealed partial class BillingDetailsService(
    Database database, TimeProvider clock, ILogger<BillingDetailsService> logger)
{
    public async Task<BillingDetails?> FindAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await FindAsync(unit, tenantId, cancellationToken);
    }

    /// <summary>What is wrong with the form, by field; empty when it was saved.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SaveAsync(
        Guid tenantId, BillingDetailsForm typed, Guid? userId, CancellationToken cancellationToken = default)
    {
        var form = typed.Tidied();
        var faults = form.Faults();
        if (faults.Count > 0)
        {
            return faults;
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using var command = unit.Command(
            """
            INSERT INTO billing_details (tenant_id, legal_name, address, country, vat_id, tax_name, tax_percent,
                                         purchase_order, updated_at, updated_by)
            VALUES ($1, $2, $3, $4, nullif($5, ''), $6, $7, nullif($8, ''), $9, $10)
            ON CONFLICT (tenant_id) DO UPDATE SET
              legal_name = excluded.legal_name, address = excluded.address, country = excluded.country,
              vat_id = excluded.vat_id, tax_name = excluded.tax_name, tax_percent = excluded.tax_percent,
              purchase_order = excluded.purchase_order, updated_at = excluded.updated_at,
              updated_by = excluded.updated_by
            """,
            tenantId, form.LegalName, form.Address, form.Country, form.VatId, form.TaxName, form.TaxPercent,
            form.PurchaseOrder, clock.GetUtcNow(), userId);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        LogSaved(logger, tenantId, userId);
        return faults;
    }

    internal static Task<BillingDetails?> FindAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken) =>
        unit.Db.Set<BillingDetails>().AsNoTracking()
            .SingleOrDefaultAsync(details => details.TenantId == tenantId, cancellationToken);

    /// <summary>The customer's side of a document made now; a tenant without details is its name alone.</summary>
    internal static async Task<Customer> CustomerAsync(
        UnitOfWork operations, Guid tenantId, CancellationToken cancellationToken)
    {
        if (await FindAsync(operations, tenantId, cancellationToken) is { } details)
        {
            return new Customer(details.ToParty(), details.TaxName, details.TaxPercent, details.PurchaseOrder);
        }

        var name = await operations.Db.Set<Tenant>().Where(tenant => tenant.Id == tenantId)
            .Select(tenant => tenant.Name).SingleAsync(cancellationToken);
        return new Customer(new Party(name, [], Country: null, VatId: null), "VAT", 0, PurchaseOrder: null);
    }

    [LoggerMessage(LogLevel.Information, "Billing details of tenant {TenantId} were changed by {UserId}")]
    private static partial void LogSaved(ILogger logger, Guid tenantId, Guid? userId);
}

/// <summary>The customer's side of a document.</summary>
internal sealed record Customer(Party Party, string TaxName, decimal TaxPercent, string? PurchaseOrder);
