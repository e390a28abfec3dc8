using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// When an amount is used up at the usual pace, the median of whole days: the one reckoning behind the next recharge, the
/// Overview and the notices ahead. Pure; says nothing rather than guess.
/// </summary>
public static class RechargeForecast
{
    // A date further away than this would pretend to know what nobody knows.
    private const int DaysMax = 365;

    /// <param name="days">Use per whole day, idle days included.</param>
    /// <param name="daysMin">Fewer days than this say nothing.</param>
    /// <returns>Null too where most days are idle.</returns>
    public static Amount? DailyPace(IReadOnlyList<Amount> days, int daysMin)
    {
        if (days.Count < daysMin)
        {
            return null;
        }

        var sorted = days.Select(day => day.E4).Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return median > 0 ? new Amount(median, days[0].Unit) : null;
    }

    /// <summary>Null when that is further away than <paramref name="daysMax"/>.</summary>
    public static DateTimeOffset? At(Amount amount, Amount dailyPace, DateTimeOffset now, int daysMax = DaysMax)
    {
        if (!amount.IsPositive)
        {
            return now;
        }

        var days = (double)amount.E4 / dailyPace.E4;
        return days > daysMax ? null : now + TimeSpan.FromDays(days);
    }
}
