using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Providers.Sandbox;

namespace BillingPortal.Usage;

/// <summary>
/// Records events as if they happened now: moves the sandbox's clock to each and lets a pending recharge finish before the next, so that
/// cooldown, limits and spike brake run on that clock. Events that change nothing in between go together. Never moves the clock back.
/// </summary>
public sealed class UsageReplay(
    UsageService usage, UsageDetails details, PriceBook priceBook, ReplayRecharges recharges, SandboxClockClient sandbox,
    TimeProvider clock)
{
    private const int GroupSizeMax = 50;
    private const int SweepsPerGapMax = 8;
    private static readonly TimeSpan GroupSpanMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(15);

    private DateTimeOffset _nextSweepAt;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>One result per event, in their order.</summary>
    public async Task<IReadOnlyList<UsageResult>> RecordAsync(
        IReadOnlyList<TenantUsage> usages, CancellationToken cancellationToken)
    {
        var prices = await priceBook.SnapshotAsync(cancellationToken);
        var known = await KnownAsync(usages, cancellationToken);
        var results = new List<UsageResult>(usages.Count);
        while (results.Count < usages.Count)
        {
            var rest = usages.Skip(results.Count).ToList();
            var isKnown = known.Contains(KeyOf(rest[0]));
            var sameKind = rest.TakeWhile(one => known.Contains(KeyOf(one)) == isKnown).ToList();
            results.AddRange(isKnown
                ? await usage.RecordAsync(sameKind, cancellationToken) // duplicates: no clock to move
                : await RecordNextAsync(sameKind, prices, cancellationToken));
        }

        return results;
    }

    // The first few of these, up to and including the one that may call for a recharge.
    private async Task<IReadOnlyList<UsageResult>> RecordNextAsync(
        List<TenantUsage> usages, PriceSnapshot prices, CancellationToken cancellationToken)
    {
        var within = usages.Take(GroupSizeMax)
            .TakeWhile(one => TimeOf(one) - TimeOf(usages[0]) <= GroupSpanMax).ToList();
        var states = await recharges.FinishAsync(within, cancellationToken);
        states = await CatchUpAsync(within, states, cancellationToken);
        var group = ReplayGroups.UpToRecharge(within, states, prices, Now);
        await MoveToAsync(TimeOf(group[^1]), cancellationToken);
        var results = await usage.RecordAsync(group, cancellationToken);
        await recharges.FinishAsync(group, cancellationToken);
        return results;
    }

    // Between two events the portal would have swept: a crossing during the cooldown is charged when that ends.
    private async Task<IReadOnlyDictionary<Guid, ReplayState>> CatchUpAsync(
        List<TenantUsage> usages, IReadOnlyDictionary<Guid, ReplayState> states, CancellationToken cancellationToken)
    {
        var until = TimeOf(usages[0]);
        for (var sweep = 0; sweep < SweepsPerGapMax && states.Values.Any(state => state.IsBelow); sweep++)
        {
            var next = _nextSweepAt > Now ? _nextSweepAt : Now;
            if (next > until)
            {
                break;
            }

            await MoveToAsync(next, cancellationToken);
            await recharges.SweepAsync(cancellationToken);
            _nextSweepAt = next + BetweenSweeps;
            states = await recharges.FinishAsync(usages, cancellationToken);
        }

        return states;
    }

    private async Task MoveToAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (at > Now)
        {
            await sandbox.SetAsync(at, cancellationToken);
        }
    }

    private async Task<HashSet<Guid>> KnownAsync(IReadOnlyList<TenantUsage> usages, CancellationToken cancellationToken) =>
        await details.KnownAsync([.. usages.Select(one => one.TenantId)], [.. usages.Select(KeyOf)], cancellationToken);

    private DateTimeOffset TimeOf(TenantUsage one) => one.Event.OccurredAt ?? Now;

    private static Guid KeyOf(TenantUsage one) => RatedUsage.KeyOf(one.TenantId, one.Event.Service, one.Event.ReferenceId);
}

/// <summary>How many events can go at once without anything happening between them. Pure.</summary>
internal static class ReplayGroups
{
    /// <summary>At least one event; ends with the first that takes its tenant below the threshold or does not fit.</summary>
    public static IReadOnlyList<TenantUsage> UpToRecharge(
        IReadOnlyList<TenantUsage> usages, IReadOnlyDictionary<Guid, ReplayState> states, PriceSnapshot prices, DateTimeOffset now)
    {
        var left = states.ToDictionary(state => state.Key, state => state.Value.Available);
        for (var i = 0; i < usages.Count; i++)
        {
            var cost = RatedUsage.From(usages[i], prices, now)?.Amount;
            if (cost is not { } amount || !states.TryGetValue(usages[i].TenantId, out var state))
            {
                continue; // not offered: changes nothing
            }

            left[usages[i].TenantId] -= amount;
            var floor = state.Below ?? Amount.Zero(amount.Unit);
            if (left[usages[i].TenantId] < floor)
            {
                return [.. usages.Take(i + 1)];
            }
        }

        return usages;
    }
}
