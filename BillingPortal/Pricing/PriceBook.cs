using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Pricing;

/// <summary>
/// What everything costs. Reads from memory; a change in the database is seen within <see cref="PricingOptions.CacheSeconds"/> in
/// every process (real seconds: a simulated clock that jumps must not make it read more often). Never changes a price.
/// </summary>
public sealed class PriceBook(Database database, PricingOptions options) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private Cached? _cached;

    /// <summary>What the quantity costs at the price in force at <paramref name="occurredAt"/>, rounded half up to four places
    /// once; null: not offered on this plan at that time.</summary>
    public async Task<Amount?> RateAsync(
        Guid tenantId, Unit plan, string service, decimal quantity, DateTimeOffset occurredAt,
        CancellationToken cancellationToken = default)
    {
        var prices = await SnapshotAsync(cancellationToken);
        return prices.Find(tenantId, plan, service, occurredAt)?.Rate(quantity);
    }

    /// <summary>All prices of one moment, for rating many events alike.</summary>
    public ValueTask<PriceSnapshot> SnapshotAsync(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _cached) is { } cached && IsFresh(cached) ? new(cached.Snapshot) : new(LoadAsync(cancellationToken));

    /// <summary>Makes the next reader read the database: after a change made in this process.</summary>
    public void Forget() => Volatile.Write(ref _cached, null);

    public void Dispose() => _loading.Dispose();

    // One reader at a time asks the database; the others take what it brought.
    private async Task<PriceSnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _cached) is { } cached && IsFresh(cached))
            {
                return cached.Snapshot;
            }

            var started = Stopwatch.GetTimestamp();
            var snapshot = await ReadAsync(cancellationToken);
            Volatile.Write(ref _cached, new Cached(snapshot, started));
            return snapshot;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<PriceSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return new PriceSnapshot(
            await unit.Db.Set<Price>().AsNoTracking().ToListAsync(cancellationToken),
            await unit.Db.Set<TenantPrice>().AsNoTracking().ToListAsync(cancellationToken),
            await unit.Db.Set<CreditPackage>().AsNoTracking().ToListAsync(cancellationToken));
    }

    private bool IsFresh(Cached cached) => Stopwatch.GetElapsedTime(cached.ReadAt) < TimeSpan.FromSeconds(options.CacheSeconds);

    private sealed record Cached(PriceSnapshot Snapshot, long ReadAt);
}
