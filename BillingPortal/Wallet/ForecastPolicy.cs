using BillingPortal.Kernel;

namespace BillingPortal.Wallet;

/// <summary>
/// Guesses how long an amount lasts from the median daily use; says nothing when there is too little to go by.
/// </summary>
public static class ForecastPolicy
{
    /// <summary>Whole days looked at, today not included.</summary>
    public const int WindowDays = 14;

    /// <summary>With fewer whole days of history there is no forecast.</summary>
    public const int DaysMin = 7;

    // Beyond this a date would pretend to know what nobody knows.
    private const int HorizonDays = 730;

    /// <summary>
    /// The median of the given days' use (days without use count as zero). Null: fewer than <see cref="DaysMin"/> days,
    /// or idle on most of them.
    /// </summary>
    public static Amount? DailyPace(IReadOnlyList<Amount> usePerDay)
    {
        if (usePerDay.Count < DaysMin)
        {
            return null;
        }

        var sorted = usePerDay.Select(use => use.E4).Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return median > 0 ? new Amount(median, usePerDay[0].Unit) : null;
    }

    /// <summary>
    /// When <paramref name="amount"/> is used up at this pace; null when that is more than two years away.
    /// </summary>
    public static DateTimeOffset? UsedUpAt(Amount amount, Amount dailyPace, DateTimeOffset now)
    {
        if (!amount.IsPositive)
        {
            return now;
        }

        var days = (double)amount.E4 / dailyPace.E4;
        return days > HorizonDays ? null : now + TimeSpan.FromDays(days);
    }
}
