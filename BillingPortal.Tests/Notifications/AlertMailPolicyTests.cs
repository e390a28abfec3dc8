using BillingPortal.Notifications;
using static BillingPortal.Notifications.AlertLevel;

namespace BillingPortal.Tests.Notifications;

/// <summary>When a level is mailed.</summary>
public sealed class AlertMailPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Level now; what was told, so many minutes ago; whether a mail goes out now, else in how many minutes.</summary>
    public static TheoryData<AlertLevel, AlertLevel?, int?, bool, int?> Cases => new()
    {
        { Good, null, null, false, null },
        { Low, null, null, true, 1440 },
        { Critical, null, null, true, 1440 },
        { Warning, Low, 61, true, 1440 },     // worse, and the gap is over
        { Warning, Low, 20, false, 40 },      // worse, but an hour has not passed
        { Critical, Warning, 1, true, 1440 }, // worse, and too bad to wait
        { Warning, Warning, 600, false, 840 },
        { Warning, Warning, 1440, true, 1440 },
        { Low, Critical, 600, false, 840 },   // better than told: quiet
        { Low, Critical, 1500, true, 1440 },  // and still low a day later
        { Critical, null, 5, false, 55 },     // recovered and fell again within minutes
        { Good, Critical, 5, false, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mail_goes_out_once_per_fall_and_again_a_day_later(
        AlertLevel level, AlertLevel? told, int? minutesAgo, bool isDue, int? nextMinutes)
    {
        var mail = Decide(level, told, minutesAgo);

        Assert.Equal((isDue, nextMinutes), (mail.IsDue, (int?)(mail.NextAt - Now)?.TotalMinutes));
    }

    [Fact]
    public void Recovery_from_warning_forgets_at_once_and_from_low_after_a_day()
    {
        Assert.True(Decide(Good, Warning, 5).Forgets);
        Assert.False(Decide(Good, Low, 5).Forgets);
        Assert.True(Decide(Good, Low, 1440).Forgets);
    }

    [Fact]
    public void An_account_that_nobody_uses_is_reminded_once()
    {
        Assert.True(Decide(Low, Low, 1440, isIdle: true).IsDue);
        Assert.False(Decide(Low, Low, 1440, isIdle: true, isIdleReminded: true).IsDue);
        Assert.True(Decide(Low, Low, 1440, isIdle: false, isIdleReminded: true).IsDue);
    }

    [Fact]
    public void A_clock_that_was_set_back_silences_nobody() => Assert.True(Decide(Warning, Warning, -10_000).IsDue);

    private static AlertMail Decide(
        AlertLevel level, AlertLevel? told, int? minutesAgo, bool isIdle = false, bool isIdleReminded = false) =>
        AlertMailPolicy.Decide(
            level, new Told(told, minutesAgo is { } ago ? Now.AddMinutes(-ago) : null, isIdleReminded), isIdle, Now);
}
