namespace BillingPortal.Providers.Sandbox;

/// <summary>
/// The sandbox's wall clock inside the portal: system time plus the offset that the sandbox announces. Dates follow it;
/// timers and elapsed times stay real, so a jump of a month triggers no month of ticks.
/// </summary>
public sealed class SandboxClock : TimeProvider
{
    private Reading _reading = new(0, TimeSpan.Zero);

    /// <summary>How often the sandbox's clock was moved, as far as this process knows.</summary>
    public long Version => Volatile.Read(ref _reading).Version;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Volatile.Read(ref _reading).Offset;

    internal void Take(SandboxClockReading reading) =>
        Volatile.Write(ref _reading, new Reading(reading.Version, TimeSpan.FromSeconds((double)reading.OffsetSeconds)));

    /// <summary>Version and offset, exchanged as one.</summary>
    private sealed record Reading(long Version, TimeSpan Offset);
}

/// <summary>The sandbox's answer at <c>/clock</c>.</summary>
internal sealed record SandboxClockReading(DateTimeOffset Now, decimal OffsetSeconds, long Version);
