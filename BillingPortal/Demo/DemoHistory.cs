using BillingPortal.Kernel;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Settlement;
using BillingPortal.Usage;

namespace BillingPortal.Demo;

/// <summary>
/// Lets the made-up tenants live through their past on the sandbox's clock: a few hours at a time, usage first, then a purchase where
/// the balance has become low, phone numbers on their day, and their rent every night.
/// </summary>
public sealed class DemoHistory(
    UsageService usage, DemoPurchases purchases, DemoNumbers numbers, DemoMessages messages, DemoCalls calls,
    SettlementService settlement,
    SandboxClockClient clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromHours(6);
    private static readonly TimeSpan LastDaysStep = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastDays = TimeSpan.FromDays(2);

    internal async Task LiveAsync(
        IReadOnlyList<DemoTenant> tenants, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var bought = tenants.ToDictionary(demo => demo.Tenant.Id, _ => 0);
        foreach (var demo in tenants)
        {
            await purchases.BuyAsync(demo, bought[demo.Tenant.Id]++, cancellationToken);
            await messages.SetUpAsync(demo, cancellationToken);
        }

        var owned = tenants.ToDictionary(demo => demo.Tenant.Id, _ => 0);
        for (var at = start; at < end;)
        {
            foreach (var demo in tenants)
            {
                await BuyNumberAsync(demo, bought, owned, start, at, cancellationToken);
            }

            var until = at + (end - at <= LastDays ? LastDaysStep : Step);
            until = until < end ? until : end;
            await clock.SetAsync(until, cancellationToken);
            var available = await UseAsync(tenants, owned, start, end, at, until, cancellationToken);
            foreach (var demo in tenants.Where(demo => available.TryGetValue(demo.Tenant.Id, out var left) && left < Low(demo)))
            {
                var number = bought[demo.Tenant.Id]++;
                await WaitAWhileAsync(number, until, end, cancellationToken);
                await purchases.BuyAsync(demo, number, cancellationToken);
            }

            if (until.UtcDateTime.Date > at.UtcDateTime.Date)
            {
                await numbers.PayRentAsync(cancellationToken);
            }

            await settlement.RunAsync(cancellationToken); // on most days nothing is due

            at = until;
        }
    }

    // Never the last credits: usage goes on right after it.
    private async Task BuyNumberAsync(
        DemoTenant demo, Dictionary<Guid, int> bought, Dictionary<Guid, int> owned, DateTimeOffset start,
        DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (DemoNumbers.Next(demo, owned[demo.Tenant.Id], start, at) is not { } number)
        {
            return;
        }

        if (!await numbers.IsCoveredAsync(demo, Low(demo), cancellationToken))
        {
            await purchases.BuyAsync(demo, bought[demo.Tenant.Id]++, cancellationToken);
        }

        await numbers.BuyAsync(demo, number, cancellationToken);
        owned[demo.Tenant.Id]++;
    }

    // Nobody buys on the stroke of an hour. The next step is further away than this.
    private async Task WaitAWhileAsync(int number, DateTimeOffset from, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var at = from.AddSeconds(200 + (number * 947 % 2_400));
        if (at < end)
        {
            await clock.SetAsync(at, cancellationToken);
        }
    }

    // A step never crosses midnight. Answers what each tenant that used something has left. Who has a number has its SMS
    // as messages, everything else is usage.
    private async Task<Dictionary<Guid, Amount>> UseAsync(
        IReadOnlyList<DemoTenant> tenants, Dictionary<Guid, int> owned, DateTimeOffset start, DateTimeOffset end,
        DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var events = (
            from demo in tenants
            from one in UsagePattern.Day(demo.Profile, DateOnly.FromDateTime(after.UtcDateTime), Growth(start, end, after))
            where one.OccurredAt >= after && until > one.OccurredAt
            select (Demo: demo, Event: one, IsMessage: owned[demo.Tenant.Id] > 0 && DemoMessages.Takes(one))).ToList();
        var usages = events.Where(one => !one.IsMessage)
            .Select(one => new TenantUsage(one.Demo.Tenant.Id, one.Demo.Tenant.Plan, one.Event)).ToList();
        var results = await usage.RecordAsync(usages, cancellationToken);
        if (results.FirstOrDefault(result => result.Outcome is not (UsageOutcome.Posted or UsageOutcome.Duplicate)) is { } refused)
        {
            throw new InvalidOperationException($"A demo event was not posted: {refused}.");
        }

        foreach (var demo in tenants.Where(_ => end - after <= LastDays))
        {
            var own = usages.Where(one => one.TenantId == demo.Tenant.Id).Select(one => one.Event);
            await calls.TellAsync(demo, own, cancellationToken);
        }

        var available = usages.Zip(results).GroupBy(pair => pair.First.TenantId)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Second.Available);
        foreach (var sms in events.Where(one => one.IsMessage).GroupBy(one => one.Demo, one => one.Event))
        {
            var ownNumbers = DemoNumbers.Owned(sms.Key, owned[sms.Key.Tenant.Id]);
            if (await messages.WriteAsync(sms.Key, ownNumbers, [.. sms], cancellationToken) is { } left)
            {
                available[sms.Key.Tenant.Id] = left;
            }
        }

        return available;
    }

    // Business grows: from three quarters of the profile to a little more than all of it.
    private static double Growth(DateTimeOffset start, DateTimeOffset end, DateTimeOffset at) =>
        0.75 + (0.35 * Math.Floor((at - start).TotalDays) / Math.Max(1, (end - start).TotalDays));

    // More than six hours can take, and enough to end with.
    private static Amount Low(DemoTenant demo) => demo.Tenant.Plan switch
    {
        Unit.Credits => Amount.Credits(450),
        Unit.Usd => Amount.Usd(15),
    };
}
