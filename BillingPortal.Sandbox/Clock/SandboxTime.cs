using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Clock;

/// <summary>The clock's place: how far it is from the system's, and how often it was moved.</summary>
internal sealed record ClockState : IRecord
{
    public string Id => "clock";

    public long OffsetMilliseconds { get; init; }

    public long Version { get; init; } = 1;
}

/// <summary>
/// The sandbox's wall clock: system time plus an offset that people and tests move. Everything that carries a date
/// here (created, signatures, expiry) reads it; timers and waits stay real.
/// </summary>
internal sealed class SandboxTime(World world) : TimeProvider
{
    private volatile ClockState _state = world.Run(change => change.Find<ClockState>("clock") ?? new ClockState());

    public ClockState State => _state;

    public long UnixSeconds => GetUtcNow().ToUnixTimeSeconds();

    public override DateTimeOffset GetUtcNow() =>
        System.GetUtcNow().AddMilliseconds(_state.OffsetMilliseconds);

    public ClockState MoveTo(DateTimeOffset now) =>
        Move((long)Math.Ceiling((now - System.GetUtcNow()).TotalMilliseconds));

    public ClockState Advance(TimeSpan by) => Move(_state.OffsetMilliseconds + (long)by.TotalMilliseconds);

    public ClockState Reset() => Move(0);

    private ClockState Move(long offsetMilliseconds) => world.Run(change =>
    {
        var state = new ClockState { OffsetMilliseconds = offsetMilliseconds, Version = _state.Version + 1 };
        change.Put(state);
        return _state = state;
    });
}
