using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Wallet;

namespace BillingPortal.Support;

/// <summary>
/// Everything that happened to one tenant, newest first, page by page: at most a page of each kind is read, whatever the
/// tenant's age. Changes nothing.
/// </summary>
public sealed class TimelineReader(Database database, TransactionReader transactions, TenantReader tenants)
{
    private static readonly EntryKind[] Usage = [EntryKind.Usage, EntryKind.HoldCapture];
    private static readonly EntryKind[] Booked = [.. Enum.GetValues<EntryKind>().Except(Usage)];

    public async Task<TimelinePage> PageAsync(
        Guid tenantId, IReadOnlyCollection<TimelineKind> kinds, TimelineCursor? after, int limit,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 100));
        var from = after ?? TimelineCursor.Newest;
        var wanted = limit + 1;
        var other = await OtherAsync(tenantId, kinds, from, wanted, cancellationToken);
        // The sums that the entries are found by stand in the tenant's own days; asked for in others they would be made anew.
        var timeZone = (await tenants.FindAsync(tenantId, cancellationToken))?.TimeZone ?? "UTC";
        var credits = await EntriesAsync(
            tenantId, timeZone, Unit.Credits, kinds, from.CreditsSeq, wanted, cancellationToken);
        var funds = await EntriesAsync(tenantId, timeZone, Unit.Usd, kinds, from.FundsSeq, wanted, cancellationToken);

        // A stable sort keeps the order of each list where two things have the same time.
        var merged = other.Select(item => (Item: item, Entry: (Transaction?)null))
            .Concat(credits.Concat(funds).Select(entry => (Item: TimelineText.Of(entry), Entry: (Transaction?)entry)))
            .OrderByDescending(row => row.Item.At).ToList();
        var shown = merged.Take(limit).ToList();
        if (merged.Count <= limit)
        {
            return new TimelinePage([.. shown.Select(row => row.Item)], Next: null);
        }

        var last = shown.LastOrDefault(row => row.Entry is null).Item;
        return new TimelinePage(
            [.. shown.Select(row => row.Item)],
            new TimelineCursor(
                last?.At ?? from.At, last?.Id ?? from.Id,
                LastSeq(shown, Unit.Credits) ?? from.CreditsSeq, LastSeq(shown, Unit.Usd) ?? from.FundsSeq));

        static long? LastSeq(List<(TimelineItem Item, Transaction? Entry)> rows, Unit unit) =>
            rows.LastOrDefault(row => row.Entry?.Unit == unit).Entry?.Seq;
    }

    private async Task<List<TimelineItem>> OtherAsync(
        Guid tenantId, IReadOnlyCollection<TimelineKind> kinds, TimelineCursor from, int limit,
        CancellationToken cancellationToken)
    {
        if (TimelineSql.Of(kinds) is not { } sql)
        {
            return [];
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(sql, tenantId, from.At, from.Id, limit);
        var items = new List<TimelineItem>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            items.Add(TimelineText.Of(TimelineRow.Read(row)));
        }

        return items;
    }

    // The room Wallet knows which runs of numbers a kind stands in: millions of entries of usage are stepped over.
    private async Task<IReadOnlyList<Transaction>> EntriesAsync(
        Guid tenantId, string timeZone, Unit unit, IReadOnlyCollection<TimelineKind> kinds, long? before, int limit,
        CancellationToken cancellationToken)
    {
        EntryKind[] wanted =
        [
            .. kinds.Contains(TimelineKind.Entry) ? Booked : [], .. kinds.Contains(TimelineKind.Usage) ? Usage : [],
        ];
        if (wanted.Length == 0)
        {
            return [];
        }

        var filter = TransactionFilter.All(unit) with { Kinds = wanted };
        var page = await transactions.PageAsync(
            tenantId, timeZone, filter, before is { } seq ? new TransactionCursor(unit, seq) : null, limit, cancellationToken);
        return page.Rows;
    }
}
