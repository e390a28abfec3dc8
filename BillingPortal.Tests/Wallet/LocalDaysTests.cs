using System.Globalization;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

public sealed class LocalDaysTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-11-20", "2026-11-19T23:00:00Z")]
    [InlineData("Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z")]
    [InlineData("UTC", "2026-11-20", "2026-11-20T00:00:00Z")]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z")] // midnight is skipped: 23:59 is followed by 01:00
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // midnight comes twice: the first one counts
    public void A_day_starts_at_its_first_instant(string zone, string day, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
        LocalDays.StartOf(DateOnly.Parse(day, CultureInfo.InvariantCulture),
            TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void Late_evening_in_London_is_tomorrow_in_Berlin() => Assert.Equal(
        new DateOnly(2026, 11, 21),
        LocalDays.Of(new DateTimeOffset(2026, 11, 20, 23, 30, 0, TimeSpan.Zero),
            TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
}
