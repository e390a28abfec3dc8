using BillingPortal.Kernel;

namespace BillingPortal.Notifications;

/// <summary>
/// Judges an account's alert level from what is available, the tenant's threshold and the phone rent of the next seven
/// days; held amounts do not count as available. Pure.
/// </summary>
public static class AlertLevelPolicy
{
    /// <summary>How far above a limit the balance must climb before the better level is believed: a tenth of it.</summary>
    private const long MarginDivisor = 10;

    /// <summary>
    /// The plain definition, which pages and API show. Critical up to a quarter of the threshold or when rent is not
    /// covered, warning up to the threshold, low up to twice the threshold, good above.
    /// </summary>
    public static AlertLevel Judge(Amount available, Amount threshold, Amount rentDue) =>
        Judge(available, new Limits(threshold, rentDue));

    /// <summary>
    /// With hysteresis, by which mails go: down at once, up only when the balance is clearly above the limit, so that a
    /// balance that hovers at one stays at its level. Without a previous level the plain definition.
    /// </summary>
    public static Judgement Judge(AlertLevel? previous, Amount available, Amount threshold, Amount rentDue)
    {
        var limits = new Limits(threshold, rentDue);
        var plain = Judge(available, limits);
        for (var level = previous ?? plain; level > plain; level--)
        {
            if (available.E4 <= Leave(limits, level))
            {
                return Stays(limits, level);
            }
        }

        return Stays(limits, plain);
    }

    private static AlertLevel Judge(Amount available, Limits limits) => available.E4 switch
    {
        var e4 when e4 <= limits.CriticalE4 => AlertLevel.Critical,
        var e4 when e4 <= limits.WarningE4 => AlertLevel.Warning,
        var e4 when e4 <= limits.LowE4 => AlertLevel.Low,
        _ => AlertLevel.Good,
    };

    private static Judgement Stays(Limits limits, AlertLevel level) =>
        new(level, FromE4: level is AlertLevel.Critical ? long.MinValue : limits.Of(level + 1) + 1, Leave(limits, level));

    private static long Leave(Limits limits, AlertLevel level) =>
        level is AlertLevel.Good ? long.MaxValue : limits.Of(level) + (limits.Of(level) / MarginDivisor);

    /// <summary>Up to where each level reaches, in ten-thousandths; a worse level never reaches above a better one.</summary>
    private readonly struct Limits(Amount threshold, Amount rentDue)
    {
        // available × 4 ≤ threshold, or available < rent
        public long CriticalE4 { get; } = Math.Max(threshold.E4 / 4, rentDue.E4 - 1);

        public long WarningE4 => Math.Max(threshold.E4, CriticalE4);

        public long LowE4 => Math.Max(threshold.E4 * 2, CriticalE4);

        public long Of(AlertLevel level) => level switch
        {
            AlertLevel.Critical => CriticalE4,
            AlertLevel.Warning => WarningE4,
            AlertLevel.Low => LowE4,
            AlertLevel.Good => long.MaxValue,
        };
    }
}

/// <summary>A level, and the available amounts within which it stands if nothing else changes, both ends included.</summary>
public readonly record struct Judgement(AlertLevel Level, long FromE4, long ToE4);
