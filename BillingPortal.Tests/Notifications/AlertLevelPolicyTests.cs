using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Notifications;

namespace BillingPortal.Tests.Notifications;

/// <summary>The levels by the contract, and how far a balance must climb before a better one is believed.</summary>
public sealed class AlertLevelPolicyTests
{
    private static readonly Amount Threshold = Amount.Credits(100);
    private static readonly Amount NoRent = Amount.Credits(0);

    // Threshold 100: critical to 25, warning to 100, low to 200, good above.
    [Theory]
    [InlineData("0", AlertLevel.Critical)]
    [InlineData("25", AlertLevel.Critical)]
    [InlineData("25.0001", AlertLevel.Warning)]
    [InlineData("100", AlertLevel.Warning)]
    [InlineData("100.0001", AlertLevel.Low)]
    [InlineData("200", AlertLevel.Low)]
    [InlineData("200.0001", AlertLevel.Good)]
    public void The_level_follows_from_available_and_threshold(string available, AlertLevel expected)
    {
        Assert.Equal(expected, AlertLevelPolicy.Judge(Credits(available), Threshold, NoRent));
        Assert.Equal(expected, AlertLevelPolicy.Judge(previous: null, Credits(available), Threshold, NoRent).Level);
    }

    // Numbers for 300 renew within seven days.
    [Theory]
    [InlineData("299.9999", AlertLevel.Critical)]
    [InlineData("300", AlertLevel.Good)]
    [InlineData("150", AlertLevel.Critical)]
    public void What_does_not_cover_the_weeks_phone_numbers_is_critical(string available, AlertLevel expected) =>
        Assert.Equal(expected, AlertLevelPolicy.Judge(Credits(available), Threshold, Amount.Credits(300)));

    [Theory]
    [InlineData(AlertLevel.Warning, "100.0001", AlertLevel.Warning)]
    [InlineData(AlertLevel.Warning, "110", AlertLevel.Warning)]
    [InlineData(AlertLevel.Warning, "110.0001", AlertLevel.Low)]
    [InlineData(AlertLevel.Warning, "220", AlertLevel.Low)]
    [InlineData(AlertLevel.Warning, "220.0001", AlertLevel.Good)]
    [InlineData(AlertLevel.Critical, "27.5", AlertLevel.Critical)]
    [InlineData(AlertLevel.Critical, "27.5001", AlertLevel.Warning)]
    [InlineData(AlertLevel.Critical, "105", AlertLevel.Warning)]
    [InlineData(AlertLevel.Low, "220", AlertLevel.Low)]
    [InlineData(AlertLevel.Low, "221", AlertLevel.Good)]
    [InlineData(AlertLevel.Low, "100", AlertLevel.Warning)]
    [InlineData(AlertLevel.Good, "10", AlertLevel.Critical)]
    public void It_falls_at_once_and_climbs_a_tenth_above_the_limit(
        AlertLevel previous, string available, AlertLevel expected) =>
        Assert.Equal(expected, AlertLevelPolicy.Judge(previous, Credits(available), Threshold, NoRent).Level);

    // 4,000 random accounts: inside the band the judgement stands, one step outside it does not.
    [Fact]
    public void The_band_says_exactly_how_long_a_judgement_stands()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 4_000; round++)
        {
            var threshold = new Amount(random.NextInt64(1, 3_000_000), Unit.Credits);
            var rent = new Amount(random.Next(3) == 0 ? random.NextInt64(0, 9_000_000) : 0, Unit.Credits);
            AlertLevel? previous = random.Next(5) is > 0 and var place ? (AlertLevel)place : null;
            var judged = Judge(previous, random.NextInt64(0, 9_000_000));

            foreach (var inside in new[] { judged.FromE4, judged.ToE4, Between(judged.FromE4, judged.ToE4) })
            {
                Assert.Equal(judged, Judge(judged.Level, inside));
            }

            foreach (var outside in new[] { judged.FromE4 - 1, judged.ToE4 + 1 }.Where(e4 =>
                e4 is not (long.MinValue or long.MaxValue) && (judged.FromE4 != long.MinValue || e4 > 0)
                && (judged.ToE4 != long.MaxValue || e4 > 0)))
            {
                Assert.NotEqual(judged.Level, Judge(judged.Level, outside).Level);
            }

            Judgement Judge(AlertLevel? before, long e4) =>
                AlertLevelPolicy.Judge(before, new Amount(e4, Unit.Credits), threshold, rent);
        }

        long Between(long from, long to) =>
            random.NextInt64(Math.Max(from, -1_000_000), Math.Min(to, 20_000_000) is var end && end >= from ? end + 1 : from + 1);
    }

    private static Amount Credits(string value) => Amount.Credits(decimal.Parse(value, CultureInfo.InvariantCulture));
}
