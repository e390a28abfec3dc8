using System.Runtime.CompilerServices;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Ledger;

/// <summary>Which entries of one account are wanted. Unset filters let everything through.</summary>
public sealed record EntryQuery
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>Occurred at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Occurred before.</summary>
    public DateTimeOffset? To { get; init; }

    public IReadOnlyCollection<EntryKind> Kinds { get; init; } = [];

    public string? Service { get; init; }

    /// <summary>Part of the reference, the note or the cause's id, in any case of letters.</summary>
    public string? Text { get; init; }
}

/// <summary>One page, newest first. <see cref="Next"/> is the cursor of the following page, null on the last.</summary>
public sealed record EntryPage(IReadOnlyList<Entry> Entries, long? Next);

/// <summary>Sums over all entries of a query, not only those of a page. <see cref="Out"/> is positive.</summary>
public sealed record EntryTotals(long Count, Amount In, Amount Out);

/// <summary>Reads the entries of one tenant under its own row-level security. Every answer is bounded.</summary>
public sealed class EntryReader(Database database)
{
    public const int PageMax = 500;

    /// <param name="before">Cursor: only entries with a lower number; null for the newest page.</param>
    public async Task<EntryPage> ReadAsync(
        EntryQuery query, long? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        limit = Math.Clamp(limit, 1, PageMax);
        await using var work = await database.BeginAsync(query.TenantId, cancellationToken);
        var entries = await Filter(work, query)
            .Where(entry => before == null || entry.Seq < before)
            .OrderByDescending(entry => entry.Seq)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        return entries.Count > limit
            ? new EntryPage(entries[..limit], entries[limit - 1].Seq)
            : new EntryPage(entries, null);
    }

    public async Task<EntryTotals> TotalsAsync(EntryQuery query, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(query.TenantId, cancellationToken);
        var totals = await Filter(work, query)
            .GroupBy(_ => 1)
            .Select(group => new
            {
                Count = group.LongCount(),
                In = group.Sum(entry => entry.AmountE4 > 0 ? entry.AmountE4 : 0),
                Out = group.Sum(entry => entry.AmountE4 < 0 ? -entry.AmountE4 : 0),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return new EntryTotals(totals?.Count ?? 0, new Amount(totals?.In ?? 0, query.Unit), new Amount(totals?.Out ?? 0, query.Unit));
    }

    /// <summary>All entries of the query, newest first, page by page: for exports. No transaction stays open in between.</summary>
    public async IAsyncEnumerable<Entry> StreamAsync(
        EntryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long? cursor = null;
        do
        {
            var page = await ReadAsync(query, cursor, PageMax, cancellationToken);
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static IQueryable<Entry> Filter(UnitOfWork work, EntryQuery query)
    {
        var entries = work.Db.Set<Entry>().AsNoTracking()
            .Where(entry => entry.TenantId == query.TenantId && entry.Unit == query.Unit);
        if (query.From is { } from)
        {
            entries = entries.Where(entry => entry.OccurredAt >= from.ToUniversalTime());
        }

        if (query.To is { } to)
        {
            entries = entries.Where(entry => entry.OccurredAt < to.ToUniversalTime());
        }

        if (query.Kinds.Count > 0)
        {
            entries = entries.Where(entry => query.Kinds.Contains(entry.Kind));
        }

        if (query.Service is { Length: > 0 } service)
        {
            entries = entries.Where(entry => entry.Service == service);
        }

        if (query.Text is { Length: > 0 } text)
        {
            var pattern = $"%{text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            entries = entries.Where(entry => EF.Functions.ILike(entry.Reference!, pattern, "\\")
                || EF.Functions.ILike(entry.Note!, pattern, "\\") || EF.Functions.ILike(entry.CauseId!, pattern, "\\"));
        }

        return entries;
    }
}
