namespace BillingPortal.Benchmarks;

/// <summary>A clock that a round puts where it wants it.</summary>
internal sealed class MonthClock : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
