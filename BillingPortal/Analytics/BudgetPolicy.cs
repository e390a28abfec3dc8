using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Wallet;

namespace BillingPortal.Analytics;

/// <summary>How a budget stands: what is used, where the month will end, and when the budget will be reached.</summary>
/// <param name="Forecast">At the end of the month; null where there is too little to go by.</param>
/// <param name="ReachedAt">When it will be reached this month at the usual pace; null when it will not, or nothing can be said.</param>
public sealed record BudgetStanding(Budget Budget, Amount Spent, Amount? Forecast, DateTimeOffset? ReachedAt)
{
    public bool IsReached => Spent.E4 >= Budget.AmountE4;

    /// <summary>Used, in per cent of the budget, rounded down: 100 is never said before it is true.</summary>
    public long Percent => Spent.E4 <= 0 ? 0 : (long)((Int128)Spent.E4 * 100 / Budget.AmountE4);

    /// <summary>The chosen shares that are reached.</summary>
    public IEnumerable<int> Reached => Budget.Shares.Where(share => Spent.E4 >= Budget.ReachedAtE4(Budget.AmountE4, share));
}

/// <summary>
/// Judges budgets by the forecast's reckoning: the median of the last fourteen whole days, and the rents that fall due. Pure.
/// </summary>
internal static class BudgetPolicy
{
    public static BudgetStanding Judge(Budget budget, Spend spend, DateTimeOffset now)
    {
        var spent = spend.InMonth(budget.Service);
        var renewals = budget.Service is "" or ServiceCodes.NumberMonthly ? spend.Renewals : [];
        var pace = PaceOf(budget.Service, spend);
        if (pace is null && renewals.Count == 0 && budget.Service is not (ServiceCodes.NumberMonthly or ServiceCodes.NumberSetUp))
        {
            return new BudgetStanding(budget, spent, Forecast: null, ReachedAt: null);
        }

        var daily = pace ?? Amount.Zero(spend.Unit);
        var end = new DateTimeOffset(spend.Month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero);
        var ahead = (long)((end - now).TotalDays * daily.E4) + renewals.Where(rent => rent.At > now).Sum(rent => rent.Amount.E4);
        var forecast = new Amount(spent.E4 + ahead, spend.Unit);
        var left = budget.Amount - spent;
        var reachedAt = left.IsPositive ? ForecastPolicy.UsedUpAt(left, daily, now, renewals) : null;
        return new BudgetStanding(budget, spent, forecast, reachedAt < end ? reachedAt : null);
    }

    /// <summary>Null where the terms stand; else what to change.</summary>
    public static string? Refuse(string service, Amount amount, IReadOnlyCollection<int> shares) => service switch
    {
        _ when service.Length > 0 && !ServiceNames.All.Contains(service) => "There is no such service.",
        _ when !amount.IsPositive => "A budget is an amount above zero.",
        _ when amount.ToDecimal() > 1_000_000_000 => "A budget is at most 1,000,000,000.",
        _ when shares.Count == 0 => "Choose at least one share at which to be warned.",
        _ when shares.Any(share => !Budget.AllShares.Contains(share)) => "A warning comes at 50, 80 or 100 %.",
        _ => null,
    };

    // Numbers have no pace: their rents are known.
    private static Amount? PaceOf(string service, Spend spend)
    {
        if (service is ServiceCodes.NumberMonthly or ServiceCodes.NumberSetUp || spend.FirstDay is not { } first)
        {
            return null;
        }

        // What an import reports may have happened before the first entry.
        first = spend.Days.Select(day => day.Day).Append(first).Min();
        var byDay = spend.Days.Where(day => service.Length > 0
            ? day.Service == service
            : day.Service is not (ServiceCodes.NumberMonthly or ServiceCodes.NumberSetUp)).ToLookup(day => day.Day, day => day.SpentE4);
        var days = Enumerable.Range(1, ForecastPolicy.WindowDays).Select(back => spend.Today.AddDays(-back))
            .Where(day => day >= first).Select(day => new Amount(byDay[day].Sum(), spend.Unit)).ToList();
        return ForecastPolicy.DailyPace(days);
    }
}
