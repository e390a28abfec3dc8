using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Kinds;

/// <summary>The providers' clock, and the portals' with it, jumps forward by some hours.</summary>
internal sealed class ClockJump : IFault
{
    public string Name => "clock-jump";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var minutes = random.Next(61, 8 * 60);
        await world.Control.AdvanceClockAsync(TimeSpan.FromMinutes(minutes));
        return $"clock {minutes / 60} h {minutes % 60} min forward";
    }
}

/// <summary>The clock jumps over the end of the month, and the rent job runs, as it would on the first.</summary>
internal sealed class ClockMonthEnd : IFault
{
    public string Name => "clock-month-end";

    public async Task<string> StrikeAsync(World world, Random random)
    {
        var now = await world.Control.NowAsync();
        var first = new DateTimeOffset(now.Year, now.Month, 1, 2, 0, 0, TimeSpan.Zero).AddMonths(1).AddMinutes(random.Next(120));
        await world.Control.AdvanceClockAsync(first - now);
        var code = await world.RunJobAsync("phone-rent");
        return FormattableString.Invariant($"clock to {first:yyyy-MM-dd HH:mm}, job phone-rent ended with {code}");
    }
}
