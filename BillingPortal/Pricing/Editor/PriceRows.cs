using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Pricing.Editor;

/// <summary>Reads the rows of one price, and takes its lock.</summary>
internal static class PriceRows
{
    public static async Task<PriceLine> ReadAsync(
        UnitOfWork unit, PriceKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<PriceRow> rows = key.TenantId is { } tenantId
            ? await unit.Db.Set<TenantPrice>().AsNoTracking()
                .Where(row => row.TenantId == tenantId && row.Plan == key.Plan && row.Service == key.Service)
                .OrderByDescending(row => row.ValidFrom).ToListAsync(cancellationToken)
            : await unit.Db.Set<Price>().AsNoTracking().Where(row => row.Plan == key.Plan && row.Service == key.Service)
                .OrderByDescending(row => row.ValidFrom).ToListAsync(cancellationToken);
        return new PriceLine(key, rows, now);
    }

    /// <summary>The general price that a tenant's own one stands in front of; null for a general price.</summary>
    public static async Task<PriceLine?> GeneralOfAsync(
        UnitOfWork unit, PriceKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        key.TenantId is null ? null : await ReadAsync(unit, key with { TenantId = null }, now, cancellationToken);

    /// <summary>
    /// Until the commit nobody else changes what bears this name. Not a row's lock: the first price of a service has no row yet.
    /// </summary>
    public static async Task LockAsync(UnitOfWork unit, string name, CancellationToken cancellationToken)
    {
        await using var command = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
