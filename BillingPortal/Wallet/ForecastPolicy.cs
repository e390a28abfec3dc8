using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;

namespace BillingPortal.Wallet;

/// <summary>
/// Guesses how long an amount lasts from the median daily use, by auto-recharge's reckoning; says nothing when there is
/// too little to go by.
/// </summary>
public static class ForecastPolicy
{
    /// <summary>Whole days looked at, today not included.</summary>
    public const int WindowDays = 14;

    /// <summary>With fewer whole days of history there is no forecast.</summary>
    public const int DaysMin = 7;

    /// <summary>Beyond this a date would pretend to know what nobody knows.</summary>
    public const int HorizonDays = 730;

    /// <summary>
    /// The median of the given days' use (days without use count as zero). Null: fewer than <see cref="DaysMin"/> days,
    /// or idle on most of them.
    /// </summary>
    public static Amount? DailyPace(IReadOnlyList<Amount> usePerDay) => RechargeForecast.DailyPace(usePerDay, DaysMin);

    /// <summary>
    /// When <paramref name="amount"/> is used up at this pace and by these renewals, the soonest first: one that is not
    /// covered is the end as well. Null when that is more than two years away.
    /// </summary>
    public static DateTimeOffset? UsedUpAt(
        Amount amount, Amount dailyPace, DateTimeOffset now, IReadOnlyList<Renewal> renewals)
    {
        if (!amount.IsPositive)
        {
            return now;
        }

        var (left, at) = ((double)amount.E4, now);
        foreach (var renewal in renewals)
        {
            var due = renewal.At > at ? renewal.At : at; // what is overdue is taken at once
            var used = (due - at).TotalDays * dailyPace.E4;
            if (used >= left)
            {
                break;
            }

            (left, at) = (left - used - renewal.Amount.E4, due);
            if (left <= 0)
            {
                return at;
            }
        }

        var days = dailyPace.IsZero ? double.PositiveInfinity : left / dailyPace.E4;
        return (at - now).TotalDays + days > HorizonDays ? null : at + TimeSpan.FromDays(days);
    }
}
