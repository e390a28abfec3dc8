using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Grants;

/// <summary>
/// Gives promotional credits or funds, expiring or not, once per key, and tells what is about to expire. Takes nothing back:
/// that is <see cref="GrantExpiry"/>'s.
/// </summary>
public sealed class GrantService(Database database, TopUp topUp, GrantBooks books, TimeProvider clock)
{
    /// <summary>Commits. The same key again gives nothing more.</summary>
    /// <param name="key">The giver's own, for example a campaign's name.</param>
    public async Task<PostResult> GiveAsync(
        Guid tenantId, Amount amount, DateTimeOffset? expiresAt, string name, string key,
        CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var posted = (await topUp.PostAsync(
            unit,
            [
                new Posting
                {
                    TenantId = tenantId,
                    Operation = LedgerOperation.Credit,
                    Amount = amount,
                    Kind = EntryKind.Bonus,
                    Counter = CounterAccount.Bonus,
                    Key = Ids.FromName("grant", tenantId.ToString(), key),
                    CauseType = GrantExpiry.Cause,
                    OccurredAt = clock.GetUtcNow(),
                    Note = expiresAt is { } end ? $"{name} (until {GrantText.Day(end)})" : name,
                },
            ],
            cancellationToken))[0];
        if (expiresAt is { } at)
        {
            await books.AddAsync(unit, tenantId, posted, at, name, causeId: null, cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return posted;
    }

    /// <summary>What is left of expiring grants, the soonest first.</summary>
    public async Task<IReadOnlyList<ExpiringGrant>> OpenAsync(
        Guid tenantId, Unit account, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var open = await books.FoldAsync(unit, tenantId, account, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return open?.Grants ?? [];
    }
}
