using BillingPortal.Kernel;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Usage;

namespace BillingPortal.Demo;

/// <summary>
/// Lets the made-up tenants live through their past on the sandbox's clock: a few hours at a time, usage first, then a purchase where
/// the balance has become low.
/// </summary>
public sealed class DemoHistory(UsageService usage, DemoPurchases purchases, SandboxClockClient clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(6);
    private static readonly TimeSpan LastDaysStep = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastDays = TimeSpan.FromDays(2);

    internal async Task LiveAsync(
        IReadOnlyList<DemoTenant> tenants, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var bought = tenants.ToDictionary(demo => demo.Tenant.Id, _ => 0);
        foreach (var demo in tenants)
        {
            await purchases.BuyAsync(demo, bought[demo.Tenant.Id]++, cancellationToken);
        }

        for (var at = from; at < to;)
        {
            var until = at + (to - at <= LastDays ? LastDaysStep : Step);
            until = until < to ? until : to;
            await clock.SetAsync(until, cancellationToken);
            var available = await UseAsync(tenants, from, to, at, until, cancellationToken);
            foreach (var demo in tenants.Where(demo => available.TryGetValue(demo.Tenant.Id, out var left) && left < Low(demo)))
            {
                await purchases.BuyAsync(demo, bought[demo.Tenant.Id]++, cancellationToken);
            }

            at = until;
        }
    }

    // Answers what each tenant that used something has left.
    private async Task<Dictionary<Guid, Amount>> UseAsync(
        IReadOnlyList<DemoTenant> tenants, DateTimeOffset from, DateTimeOffset to, DateTimeOffset after, DateTimeOffset until,
        CancellationToken cancellationToken)
    {
        var usages = (
            from demo in tenants
            from day in new[] { after, until }.Select(at => DateOnly.FromDateTime(at.UtcDateTime)).Distinct()
            from one in UsagePattern.Day(demo.Profile, day, Growth(from, to, after))
            where one.OccurredAt >= after && one.OccurredAt < until
            select new TenantUsage(demo.Tenant.Id, demo.Tenant.Plan, one)).ToList();
        var results = await usage.RecordAsync(usages, cancellationToken);
        if (results.FirstOrDefault(result => result.Outcome is not (UsageOutcome.Posted or UsageOutcome.Duplicate)) is { } refused)
        {
            throw new InvalidOperationException($"A demo event was not posted: {refused}.");
        }

        return usages.Zip(results).GroupBy(pair => pair.First.TenantId)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Second.Available);
    }

    // Business grows: from three quarters of the profile to a little more than all of it.
    private static double Growth(DateTimeOffset from, DateTimeOffset to, DateTimeOffset at) =>
        0.75 + (0.35 * Math.Floor((at - from).TotalDays) / Math.Max(1, (to - from).TotalDays));

    // More than six hours can take, and enough to end with.
    private static Amount Low(DemoTenant demo) => demo.Tenant.Plan switch
    {
        Unit.Credits => Amount.Credits(450),
        Unit.Usd => Amount.Usd(15),
    };
}
