using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Wallet;

/// <summary>
/// Reads an account's entries page by page, newest first, with any filter, over millions of rows: the sums by day say
/// in which runs of entry numbers a filter can match at all, and the entries' primary key does the rest. Changes
/// nothing in the books.
/// </summary>
public sealed class TransactionReader(Database database, EntryDays days)
{
    private const int RunsAtOnce = 64;

    // A text has no index: a page looks through so many entries, then offers to go on from there.
    private const long SearchedPerPage = 200_000;
    private const long SearchedForTotals = 1_000_000;

    public async Task<TransactionPage> PageAsync(
        Guid tenantId, string timeZone, TransactionFilter filter, TransactionCursor? before, int limit,
        CancellationToken cancellationToken = default)
    {
        await days.FoldAsync(tenantId, filter.Unit, timeZone, cancellationToken);
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var sums = await SumsAsync(work, tenantId, timeZone, filter, cancellationToken);
        var runs = SeqRange.Before(Runs(sums), before?.Seq ?? long.MaxValue).ToList();
        var searched = filter.Text is null ? runs : Newest(runs, SearchedPerPage);
        var rows = await RowsAsync(work, tenantId, filter, searched, limit + 1, cancellationToken);
        var next = rows.Count > limit ? rows[limit - 1].Seq
            : searched.Count > 0 && searched[^1].Low > runs[^1].Low ? searched[^1].Low
            : (long?)null;
        return new TransactionPage(
            [.. rows.Take(limit)], next is { } seq ? new TransactionCursor(filter.Unit, seq) : null);
    }

    public async Task<TransactionTotals> TotalsAsync(
        Guid tenantId, string timeZone, TransactionFilter filter, CancellationToken cancellationToken = default)
    {
        await days.FoldAsync(tenantId, filter.Unit, timeZone, cancellationToken);
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var sums = await SumsAsync(work, tenantId, timeZone, filter, cancellationToken);
        if (filter.Text is not null)
        {
            var runs = Runs(sums);
            var searched = Newest(runs, SearchedForTotals);
            var isComplete = runs.Count == 0 || searched[^1].Low == runs[^1].Low;
            return await AddUpAsync(work, tenantId, filter, searched,
                cancellationToken) with
            { IsComplete = isComplete };
        }

        // The two days that the period may cut through are added up entry by entry, all others are known.
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var whole = new TransactionTotals(0, Amount.Zero(filter.Unit), Amount.Zero(filter.Unit), IsComplete: true);
        foreach (var day in sums.GroupBy(sum => sum.Day))
        {
            var (start, end) = (LocalDays.StartOf(day.Key, zone), LocalDays.StartOf(day.Key.AddDays(1), zone));
            whole += start < filter.From || end > filter.To
                ? await AddUpAsync(work, tenantId, filter.Within(start, end), Runs(day), cancellationToken)
                : TransactionTotals.Of(filter.Unit, day);
        }

        return whole;
    }

    private async Task<List<EntryDay>> SumsAsync(
        UnitOfWork work, Guid tenantId, string timeZone, TransactionFilter filter, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        DateOnly? from = filter.From is { } start ? LocalDays.Of(start, zone) : null;
        DateOnly? to = filter.To is { } end ? LocalDays.Of(end.AddTicks(-1), zone).AddDays(1) : null;
        var sums = await days.ReadAsync(work, tenantId, filter.Unit, timeZone, from, to, cancellationToken);
        return [.. sums.Where(day => (filter.Kinds.Count == 0 || filter.Kinds.Contains(day.Kind))
            && (filter.Service is null || filter.Service == day.Service))];
    }

    private static async Task<List<Transaction>> RowsAsync(
        UnitOfWork work, Guid tenantId, TransactionFilter filter, List<SeqRange> runs, int limit,
        CancellationToken cancellationToken)
    {
        var rows = new List<Transaction>();
        foreach (var chunk in runs.Chunk(RunsAtOnce))
        {
            await using var command = TransactionSql.Rows(work, tenantId, filter, chunk, limit - rows.Count);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(TransactionSql.Read(reader, filter.Unit));
            }

            if (rows.Count >= limit)
            {
                break;
            }
        }

        return rows;
    }

    private static async Task<TransactionTotals> AddUpAsync(
        UnitOfWork work, Guid tenantId, TransactionFilter filter, List<SeqRange> runs,
        CancellationToken cancellationToken)
    {
        await using var command = TransactionSql.Totals(work, tenantId, filter, runs);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (count, inE4, outE4) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        return new TransactionTotals(count, new Amount(inE4, filter.Unit), new Amount(outE4, filter.Unit),
            IsComplete: true);
    }

    private static List<SeqRange> Runs(IEnumerable<EntryDay> sums) =>
        SeqRange.Merge(sums.Select(day => new SeqRange(day.FirstSeq, day.LastSeq)));

    private static List<SeqRange> Newest(List<SeqRange> runs, long entries)
    {
        var newest = new List<SeqRange>();
        foreach (var run in runs)
        {
            newest.Add(run with { Low = Math.Max(run.Low, run.High - entries + 1) });
            entries -= newest[^1].High - newest[^1].Low + 1;
            if (entries <= 0)
            {
                break;
            }
        }

        return newest;
    }
}
