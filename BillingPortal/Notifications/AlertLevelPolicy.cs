using BillingPortal.Kernel;

namespace BillingPortal.Notifications;

/// <summary>Judges an account's alert level from what is available; held amounts do not count as available.</summary>
public static class AlertLevelPolicy
{
    /// <summary>
    /// Critical up to a quarter of the threshold, warning up to the threshold, low up to twice the threshold, good
    /// above.
    /// </summary>
    public static AlertLevel Judge(Amount available, Amount threshold) => available switch
    {
        _ when available * 4 <= threshold => AlertLevel.Critical,
        _ when available <= threshold => AlertLevel.Warning,
        _ when available <= threshold * 2 => AlertLevel.Low,
        _ => AlertLevel.Good,
    };
}
