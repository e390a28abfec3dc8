using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Notifications;

namespace BillingPortal.Tests.Notifications;

public sealed class AlertLevelPolicyTests
{
    // Threshold 100: critical to 25, warning to 100, low to 200, good above.
    [Theory]
    [InlineData("0", AlertLevel.Critical)]
    [InlineData("25", AlertLevel.Critical)]
    [InlineData("25.0001", AlertLevel.Warning)]
    [InlineData("100", AlertLevel.Warning)]
    [InlineData("100.0001", AlertLevel.Low)]
    [InlineData("200", AlertLevel.Low)]
    [InlineData("200.0001", AlertLevel.Good)]
    public void The_level_follows_from_available_and_threshold(string available, AlertLevel expected) =>
        Assert.Equal(expected, AlertLevelPolicy.Judge(Credits(available), Amount.Credits(100)));

    private static Amount Credits(string value) => Amount.Credits(decimal.Parse(value, CultureInfo.InvariantCulture));
}
