using System.Collections.Frozen;
using BillingPortal.Kernel;

namespace BillingPortal.Pricing;

/// <summary>Every price and package as they were read at one moment. Immutable; rating needs no I/O.</summary>
public sealed class PriceSnapshot
{
    private readonly FrozenDictionary<(Unit Plan, string Service), PriceRow[]> _general;
    private readonly FrozenDictionary<(Guid TenantId, Unit Plan, string Service), PriceRow[]> _own;
    private readonly CreditPackage[] _packages;

    internal PriceSnapshot(
        IEnumerable<Price> prices, IEnumerable<TenantPrice> tenantPrices, IEnumerable<CreditPackage> packages)
    {
        _general = prices.GroupBy(row => (row.Plan, row.Service)).ToFrozenDictionary(rows => rows.Key, NewestFirst);
        _own = tenantPrices.GroupBy(row => (row.TenantId, row.Plan, row.Service))
            .ToFrozenDictionary(rows => rows.Key, NewestFirst);
        _packages = [.. packages.OrderBy(package => package.Credits).ThenBy(package => package.PriceCents)];
    }

    /// <summary>The price in force at that moment, the tenant's own before the general one; null when not offered.</summary>
    public PriceRow? Find(Guid tenantId, Unit plan, string service, DateTimeOffset at)
    {
        var own = _own.TryGetValue((tenantId, plan, service), out var agreed) ? InForce(agreed, at) : null;
        var row = own ?? (_general.TryGetValue((plan, service), out var listed) ? InForce(listed, at) : null);
        return row is { IsOffered: true } ? row : null;
    }

    /// <summary>The packages on sale at that moment, smallest first.</summary>
    public IReadOnlyList<CreditPackage> PackagesAt(DateTimeOffset at) =>
        [.. _packages.Where(package => package.IsOnSaleAt(at))];

    private static PriceRow? InForce(PriceRow[] newestFirst, DateTimeOffset at) =>
        Array.Find(newestFirst, row => row.IsInForceAt(at));

    private static PriceRow[] NewestFirst(IEnumerable<PriceRow> rows) => [.. rows.OrderByDescending(row => row.ValidFrom)];
}
