using Microsoft.Extensions.Caching.Memory;

namespace BillingPortal.Tenants.Throttling;

/// <summary>
/// Who has to wait until when, as far as this process has seen it. A wait never gets shorter or longer, so it is as good as its row.
/// Bounded: what finds no room is asked of the database again.
/// </summary>
internal sealed class KnownWaits(TimeProvider clock) : IDisposable
{
    private const int WaitsMax = 20_000;

    private readonly MemoryCache _ends = new(new MemoryCacheOptions { SizeLimit = WaitsMax });

    public bool Has(string key) => _ends.TryGetValue(key, out DateTimeOffset end) && end > clock.GetUtcNow();

    public void Add(string key, DateTimeOffset end)
    {
        var left = end - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            _ends.Set(key, end, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = left });
        }
    }

    public void Dispose() => _ends.Dispose();
}
