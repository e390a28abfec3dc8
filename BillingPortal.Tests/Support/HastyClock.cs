using System.Collections.Concurrent;

namespace BillingPortal.Tests.Support;

/// <summary>
/// A clock for code that waits between tries: waits up to its limit end at once and are written down; longer ones
/// (time limits) run as they should.
/// </summary>
public sealed class HastyClock(TimeSpan limit) : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime > limit)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
