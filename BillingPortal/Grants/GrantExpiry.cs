using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Grants;

/// <summary>
/// The calendar's work on grants: takes back what is left of those whose time is over, by an entry each, and tells people a
/// week before. Held credits stay until their hold ends. Safe to repeat, to interrupt and to run in two places.
/// </summary>
public sealed partial class GrantExpiry(
    Database database, GrantBooks books, LedgerWriter ledger, BalanceReader balances, Mailer mailer,
    IOptions<AppOptions> app, GrantOptions options, TimeProvider clock, ILogger<GrantExpiry> logger)
{
    public const string Cause = "grant";
    private const int TriesMax = 20;

    public async Task<GrantExpiryReport> SweepAsync(int accountsMax, CancellationToken cancellationToken = default)
    {
        var (expired, warned, failed) = (0, 0, 0);
        var now = clock.GetUtcNow();
        foreach (var (tenantId, account) in await DueAsync(now, accountsMax, cancellationToken))
        {
            try
            {
                expired += await ExpireAsync(tenantId, account, now, cancellationToken);
                warned += await WarnAsync(tenantId, account, now, cancellationToken);
            }
            catch (Exception fault) when (fault is DbUpdateException or InvalidOperationException)
            {
                failed++; // one tenant in trouble does not stop the others
                LogFailed(logger, fault, tenantId);
                RunFaults.Note(tenantId, "expiring credits", fault);
            }
        }

        return new GrantExpiryReport(expired, warned, failed);
    }

    private async Task<List<(Guid TenantId, Unit Account)>> DueAsync(
        DateTimeOffset now, int accountsMax, CancellationToken cancellationToken)
    {
        var soon = now.AddDays(options.WarnDays);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return [.. (await unit.Db.Set<ExpiringGrant>().AsNoTracking()
            .Where(grant => grant.RemainingE4 > 0
                && (grant.ExpiresAt <= now || (grant.ExpiresAt <= soon && grant.WarnedAt == null)))
            .GroupBy(grant => new { grant.TenantId, grant.Unit })
            .OrderBy(group => group.Min(grant => grant.ExpiresAt))
            .Select(group => group.Key).Take(accountsMax).ToListAsync(cancellationToken))
            .Select(key => (key.TenantId, key.Unit))];
    }

    private async Task<int> ExpireAsync(
        Guid tenantId, Unit account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            if (await TryExpireAsync(tenantId, account, now, cancellationToken) is { } entries)
            {
                return entries;
            }
        }

        throw new InvalidOperationException("The account moved at every try; the next run tries again.");
    }

    // Null: something was posted between the count and the expiry, so the count is old.
    private async Task<int?> TryExpireAsync(
        Guid tenantId, Unit account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await books.FoldAsync(unit, tenantId, account, cancellationToken) is not { } open)
        {
            return 0;
        }

        var available = (await balances.ReadAsync(unit, tenantId, account, cancellationToken)).Available.E4;
        var due = new List<(ExpiringGrant Grant, Posting Posting)>();
        foreach (var grant in open.Grants.Where(grant => grant.ExpiresAt <= now))
        {
            var taken = Math.Min(grant.RemainingE4, available);
            if (taken > 0)
            {
                due.Add((grant, PostingOf(grant, taken)));
                available -= taken;
            }
        }

        if (due.Count > 0)
        {
            var results = await ledger.PostAsync(unit, [.. due.Select(one => one.Posting)], cancellationToken);
            for (var i = 0; i < due.Count; i++)
            {
                if (results[i].Outcome is not PostOutcome.Posted || results[i].Seq != open.Mark.ThroughSeq + 1)
                {
                    return null;
                }

                due[i].Grant.RemainingE4 -= due[i].Posting.Amount.E4;
                due[i].Grant.ExpiredE4 += due[i].Posting.Amount.E4;
                open.Mark.ThroughSeq = results[i].Seq;
            }
        }

        await unit.CommitAsync(cancellationToken);
        return due.Count;
    }

    // Part of it may be held now and follow later: what was left tells the two entries apart.
    private static Posting PostingOf(ExpiringGrant grant, long takenE4) => new()
    {
        TenantId = grant.TenantId,
        Operation = LedgerOperation.Debit,
        Amount = new Amount(takenE4, grant.Unit),
        Kind = EntryKind.Expiry,
        Counter = CounterAccount.Expiry,
        Key = Ids.FromName(
            "grant-expiry", grant.TenantId.ToString(), $"{grant.Unit}", $"{grant.Seq}", $"{grant.RemainingE4}"),
        CauseType = Cause,
        CauseId = $"{grant.Unit.ToCode()}-{grant.Seq}",
        OccurredAt = grant.ExpiresAt,
        Note = $"Expired: {grant.Name}",
    };

    private async Task<int> WarnAsync(
        Guid tenantId, Unit account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var open = await books.FoldAsync(unit, tenantId, account, cancellationToken);
        var soon = open?.Grants.Where(grant => grant.WarnedAt is null && grant.ExpiresAt > now
            && grant.ExpiresAt <= now.AddDays(options.WarnDays)).ToList();
        if (soon is null or [])
        {
            return 0;
        }

        soon.ForEach(grant => grant.WarnedAt = now);
        var total = GrantText.Of(soon.Aggregate(Amount.Zero(account), (sum, grant) => sum + grant.Remaining));
        var first = GrantText.Day(soon.Min(grant => grant.ExpiresAt));
        mailer.Enqueue<GrantExpiringMail>(
            unit, tenantId, MailKinds.CreditsExpiring, $"{total} expire from {first} on",
            new Dictionary<string, object?>
            {
                [nameof(GrantExpiringMail.Total)] = total,
                [nameof(GrantExpiringMail.Lines)] = soon.Select(grant =>
                    $"{GrantText.Of(grant.Remaining)} on {GrantText.Day(grant.ExpiresAt)}: {grant.Name}").ToArray(),
                [nameof(GrantExpiringMail.Link)] = app.Value.Link("/transactions").ToString(),
            },
            key: $"grants-expiring:{account.ToCode()}:{soon.Max(grant => grant.Seq)}",
            text: "They are spent before all others. What is left on that day is taken back.");
        await unit.CommitAsync(cancellationToken);
        return soon.Count;
    }

    [LoggerMessage(LogLevel.Error, "Grants of tenant {TenantId} could not be looked at; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception fault, Guid tenantId);
}

/// <summary>What a run did: expiry entries posted, grants people were told about, accounts it could not do.</summary>
public sealed record GrantExpiryReport(int Expired, int Warned, int Failed);
