using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Settlement;

namespace BillingPortal.Usage;

/// <summary>
/// Takes usage events: rates each by the price book, posts all through the ledger's group commit (on the
/// wallet plan in monthly mode as reservations), keeps their details. Idempotent per
/// tenant, service and reference. Events of one tenant are judged in the order given. Never changes a price, never charges a card.
/// </summary>
public sealed class UsageService(
    PriceBook priceBook, MonthlyReservations reservations, BalanceReader balances, UsageDetails details, TimeProvider clock)
{
    /// <summary>One result per event, in their order. Durable when it returns.</summary>
    public Task<IReadOnlyList<UsageResult>> RecordAsync(
        Guid tenantId, Unit plan, IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default) =>
        RecordAsync([.. events.Select(one => new TenantUsage(tenantId, plan, one))], cancellationToken);

    /// <summary>The same for events of several tenants.</summary>
    public async Task<IReadOnlyList<UsageResult>> RecordAsync(
        IReadOnlyList<TenantUsage> usages, CancellationToken cancellationToken = default)
    {
        var prices = await priceBook.SnapshotAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var results = new UsageResult[usages.Count];
        var charged = new List<(int Index, RatedUsage Rated)>(usages.Count);
        var free = new List<(int Index, RatedUsage Rated)>();
        for (var i = 0; i < usages.Count; i++)
        {
            var rated = RatedUsage.From(usages[i], prices, now);
            if (rated is null)
            {
                results[i] = UsageResult.Invalid(
                    UsageFault.NotOffered(usages[i].Event.Service, usages[i].Plan.ToCode()), usages[i].Plan);
                continue;
            }

            (rated.Amount.IsZero ? free : charged).Add((i, rated));
        }

        await ChargeAsync(charged, results, cancellationToken);
        await NoteFreeAsync(free, results, cancellationToken);
        return results;
    }

    private async Task ChargeAsync(
        List<(int Index, RatedUsage Rated)> charged, UsageResult[] results, CancellationToken cancellationToken)
    {
        if (charged.Count == 0)
        {
            return;
        }

        var posted = await reservations.PostAsync([.. charged.Select(one => one.Rated.ToPosting())], cancellationToken);
        var standing = charged.Zip(posted).Where(pair => pair.Second.IsPosted).ToList();
        // The books have them: the details follow even when the caller has gone away.
        var kept = await details.RecordAsync([.. standing.Select(pair => pair.First.Rated)], CancellationToken.None);
        var differing = standing.Zip(kept).Where(pair => pair.Second is DetailOutcome.Differs)
            .Select(pair => pair.First.First.Index).ToHashSet();
        foreach (var ((index, rated), post) in charged.Zip(posted))
        {
            results[index] = Answer(rated, post, differs: post.Differs || differing.Contains(index));
        }
    }

    private static UsageResult Answer(RatedUsage rated, PostResult post, bool differs) => post.Outcome switch
    {
        PostOutcome.Posted => new(UsageOutcome.Posted, rated.Amount, post.Balance, post.Available, post.EntryId),
        PostOutcome.Duplicate => new(
            UsageOutcome.Duplicate, post.Posted.Abs(), post.Balance, post.Available, post.EntryId, differs),
        PostOutcome.Insufficient => new(UsageOutcome.Insufficient, rated.Amount, post.Balance, post.Available),
        PostOutcome.UnknownAccount => throw new InvalidOperationException($"Tenant {rated.TenantId} has no account."),
        PostOutcome.UnknownHold or PostOutcome.HoldEnded =>
            throw new InvalidOperationException($"The ledger answered {post.Outcome} to a debit."),
    };

    // A price of nothing moves no balance; the details alone remember it.
    private async Task NoteFreeAsync(
        List<(int Index, RatedUsage Rated)> free, UsageResult[] results, CancellationToken cancellationToken)
    {
        var seen = new HashSet<Guid>();
        var kept = await details.RecordAsync([.. free.Select(one => one.Rated)], cancellationToken);
        foreach (var ((index, rated), outcome) in free.Zip(kept))
        {
            var isNew = outcome is DetailOutcome.Added && seen.Add(rated.Key);
            var balance = await balances.ReadAsync(rated.TenantId, rated.Amount.Unit, cancellationToken);
            results[index] = new UsageResult(
                isNew ? UsageOutcome.Posted : UsageOutcome.Duplicate, rated.Amount, balance.Posted, balance.Available,
                Differs: outcome is DetailOutcome.Differs);
        }
    }
}
