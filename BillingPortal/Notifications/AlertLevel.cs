namespace BillingPortal.Notifications;

/// <summary>How near to running dry an account is: one word for badge, API and email.</summary>
public enum AlertLevel
{
    Good = 1,
    Low = 2,
    Warning = 3,
    Critical = 4,
}

/// <summary>The public spelling of <see cref="AlertLevel"/>.</summary>
public static class AlertLevels
{
    public static string ToCode(this AlertLevel level) => level switch
    {
        AlertLevel.Good => "good",
        AlertLevel.Low => "low",
        AlertLevel.Warning => "warning",
        AlertLevel.Critical => "critical",
    };
}
