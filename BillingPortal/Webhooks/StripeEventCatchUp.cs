using BillingPortal.Data;
using BillingPortal.Providers.Payments;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Webhooks;

/// <summary>
/// Fetches the events that no webhook brought, from Stripe's own list, into the inbox: since the last look, a day at a
/// time, oldest day first, so that a long absence is made up for in steps. Safe to repeat.
/// </summary>
public sealed partial class StripeEventCatchUp(
    Database database, StripeClient stripe, WebhookInbox inbox, TimeProvider time, ILogger<StripeEventCatchUp> logger)
{
    private const int PagesPerDayMax = 200;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(29.9); // Stripe lists 30 days
    private static readonly TimeSpan Step = TimeSpan.FromDays(1);

    // An event may appear in the list a little after its time.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>How many events were looked at, and how many of them were new to the inbox.</summary>
    public async Task<CatchUpReport> RunAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var from = await SeenUntilAsync(now, cancellationToken) - Overlap;
        var report = new CatchUpReport(0, 0);
        while (from < now)
        {
            var to = from + Step < now ? from + Step : now;
            report += await FetchAsync(from, to, cancellationToken);
            await RememberAsync(to, cancellationToken);
            from = to;
        }

        return report;
    }

    private async Task<CatchUpReport> FetchAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var report = new CatchUpReport(0, 0);
        string? after = null;
        for (var pages = 0; pages < PagesPerDayMax; pages++)
        {
            // The last second is open: what falls into it later is found again by the overlap.
            var page = await stripe.ListEventsAsync(
                new ListQuery(from, after, CreatedBefore: to.AddSeconds(1)), cancellationToken);
            foreach (var found in page.Items.Where(found => StripeEventRouter.Concerns(found.Type)))
            {
                var isNew = await inbox.StoreAsync(
                    WebhookInbox.Stripe, ArrivedEvent.From(found), EventSource.Fetched, cancellationToken);
                report += new CatchUpReport(1, isNew ? 1 : 0);
            }

            if (!page.HasMore || page.Items.Count == 0)
            {
                return report;
            }

            after = page.Items[^1].Id;
        }

        LogTooMany(logger, from, to);
        return report;
    }

    // A clock that was set back (the sandbox's) must not leave the cursor in the future.
    private async Task<DateTimeOffset> SeenUntilAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var cursor = await unit.Db.Set<EventCursor>().AsNoTracking()
            .SingleOrDefaultAsync(known => known.Provider == WebhookInbox.Stripe, cancellationToken);
        var oldest = now - Kept;
        return cursor is null || cursor.SeenUntil < oldest ? oldest : cursor.SeenUntil < now ? cursor.SeenUntil : now;
    }

    private async Task RememberAsync(DateTimeOffset seenUntil, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(
            """
            INSERT INTO webhook_cursors (provider, seen_until) VALUES ($1, $2)
            ON CONFLICT (provider) DO UPDATE SET seen_until = excluded.seen_until
            """,
            WebhookInbox.Stripe, seenUntil);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Error,
        "Between {From} and {To} Stripe has more events than one run reads; some were not looked at")]
    private static partial void LogTooMany(ILogger logger, DateTimeOffset from, DateTimeOffset to);
}

/// <summary>What a look at the provider's list found.</summary>
public sealed record CatchUpReport(int Looked, int Missed)
{
    public static CatchUpReport operator +(CatchUpReport left, CatchUpReport right) =>
        new(left.Looked + right.Looked, left.Missed + right.Missed);
}
