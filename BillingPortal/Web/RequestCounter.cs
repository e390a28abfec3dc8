using System.Collections.Concurrent;

namespace BillingPortal.Web;

/// <summary>
/// Counts each caller's requests in windows of the clock's minute, in this process. It never refuses anybody itself.
/// </summary>
internal sealed class RequestCounter(TimeProvider clock)
{
    private const int CallersMax = 50_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>This request counted: how many it were in the minute, and the whole seconds until the next one.</summary>
    public (int Used, int SecondsLeft) Take(string caller)
    {
        // Forgetting everybody costs one window's accuracy; remembering everybody would cost the process.
        if (_counts.Count > CallersMax)
        {
            _counts.Clear();
        }

        var now = clock.GetUtcNow();
        var minute = now.Ticks / Window.Ticks;
        var used = _counts.AddOrUpdate(
            caller,
            _ => new Count(minute, 1),
            (_, count) => count.Minute == minute ? count with { Used = count.Used + 1 } : new Count(minute, 1)).Used;
        return (used, (int)Window.TotalSeconds - now.Second);
    }

    private sealed record Count(long Minute, int Used);
}
