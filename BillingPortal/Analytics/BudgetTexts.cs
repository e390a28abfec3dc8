using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Wallet;

namespace BillingPortal.Analytics;

/// <summary>Budgets in words for people.</summary>
internal static class BudgetTexts
{
    public static string Of(string service) => service.Length == 0 ? "All services" : ServiceNames.Of(service);

    /// <summary>In the audit log and in files.</summary>
    public static string Code(string service) => service.Length == 0 ? "all" : service;

    public static string Shares(IEnumerable<int> shares) => string.Join(", ", shares.Select(share => $"{share} %"));

    public static string Month(DateOnly month) => month.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    /// <summary>Where the month is heading, in one sentence.</summary>
    public static string Outlook(BudgetStanding standing) => standing switch
    {
        { IsReached: true } => $"Over since it reached {AmountFormat.Text(standing.Budget.Amount)}; nothing is stopped.",
        { ReachedAt: { } at } => $"At the usual pace it is reached about {Day(at)}.",
        { Forecast: not null } => "At the usual pace the month stays within it.",
        _ => "Too little regular use yet for a forecast.",
    };

    public static string Used(BudgetStanding standing) =>
        $"{AmountFormat.Text(standing.Spent)} of {AmountFormat.Text(standing.Budget.Amount)} used ({standing.Percent} %)";
}
