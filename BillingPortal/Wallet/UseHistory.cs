using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Wallet;

/// <summary>
/// Turns sums by day into the days of a chart: what was used, what came in, and the balance at the end of each day.
/// </summary>
internal static class UseHistory
{
    /// <summary>
    /// The last <paramref name="count"/> days up to today. Balances are reckoned backwards from the one of now, by when
    /// things happened; what claims to happen tomorrow counts as today.
    /// </summary>
    public static List<DayOfUse> Build(IReadOnlyList<EntryDay> sums, Amount balance, DateOnly today, int count)
    {
        var byDay = sums.ToLookup(sum => sum.Day < today ? sum.Day : today);
        var days = new List<DayOfUse>(count);
        for (var day = today; days.Count < count; day = day.AddDays(-1))
        {
            days.Add(DayOf(day, balance, byDay[day]));
            balance -= new Amount(byDay[day].Sum(sum => sum.InE4 - sum.OutE4), balance.Unit);
        }

        days.Reverse();
        return days;
    }

    private static DayOfUse DayOf(DateOnly day, Amount balance, IEnumerable<EntryDay> sums)
    {
        var isUse = sums.ToLookup(sum => UseKinds.IsUse(sum.Kind, sum.Service));
        var used = isUse[true].GroupBy(UseKinds.ServiceOf, StringComparer.Ordinal).ToDictionary(
            service => service.Key,
            service => service.Aggregate(Amount.Zero(balance.Unit), (sum, part) => sum + UseKinds.Used(part)),
            StringComparer.Ordinal);
        return new DayOfUse(day, balance, used, new Amount(isUse[false].Sum(sum => sum.InE4), balance.Unit));
    }
}
