using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// When an amount is used up at the usual pace: the median of whole days. Pure; says nothing rather than guess.
/// </summary>
public static class RechargeForecast
{
    /// <param name="amount">What may be used before the next recharge.</param>
    /// <param name="days">Usage per whole day, idle days included.</param>
    /// <param name="now">Where the reckoning starts.</param>
    /// <param name="daysMin">Fewer days than this give no forecast.</param>
    /// <param name="daysMax">Nor does a date further away than this.</param>
    public static DateTimeOffset? At(
        Amount amount, IReadOnlyList<Amount> days, DateTimeOffset now, int daysMin, int daysMax)
    {
        if (days.Count < daysMin)
        {
            return null;
        }

        var sorted = days.Select(day => day.E4).Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        if (median <= 0)
        {
            return null;
        }

        var left = (double)amount.E4 / median;
        return left > daysMax ? null : now + TimeSpan.FromDays(left);
    }
}
