using BillingPortal.Data;
using BillingPortal.Ledger;
using BillingPortal.Wallet;

namespace BillingPortal.Analytics;

/// <summary>Turns sums by day into rows, columns and totals. Pure; every line ends up in exactly one row and one column.</summary>
internal static class UsageReportBuilder
{
    private static readonly string Settlement = TextCodes.Of(EntryKind.Settlement);

    private static readonly HashSet<string> Takes = new(
        [
            TextCodes.Of(EntryKind.Usage), TextCodes.Of(EntryKind.HoldCapture), TextCodes.Of(EntryKind.Rent),
            TextCodes.Of(EntryKind.SetUp), UsageLines.Reserved,
        ], StringComparer.Ordinal);

    private static readonly HashSet<string> GivesBack =
        new([TextCodes.Of(EntryKind.Refund), TextCodes.Of(EntryKind.Correction)], StringComparer.Ordinal);

    public static UsageReport Build(UsageRequest request, IReadOnlyList<UsageLine> lines, IReadOnlyList<string> tags)
    {
        var all = lines.Where(line => line.Kind is not null && (request.Service is null || line.Service == request.Service)).ToList();
        var use = all.Where(IsUse).ToList();
        var cells = request.Group is UsageGroup.Service
            ? [.. use.Select(line => new Cell(
                line.Day, UsageRowKind.Value, line.Service!.Length > 0 ? line.Service : ServiceNames.Other, line.Sums))]
            : Grouped(use, lines.Where(line => line.Kind is null));
        var rows = Rows(request, cells);
        var total = rows.Aggregate(default(UsageSums), (sum, row) => sum + row.Sums);
        return new UsageReport(
            request, rows, Columns(request, cells, rows), total, rows.Aggregate(default(UsageSums), (sum, row) => sum + row.Before),
            TieOf([.. all.Where(line => line.Day >= request.First)]),
            lines.Where(line => line.Kind is null).Select(line => line.Place ?? 0).DefaultIfEmpty().Max(), tags);
    }

    private static bool IsUse(UsageLine line) =>
        Takes.Contains(line.Kind!) || (GivesBack.Contains(line.Kind!) && line.Service!.Length > 0);

    // What of a day is in no value has no number, or not this tag.
    private static List<Cell> Grouped(List<UsageLine> use, IEnumerable<UsageLine> values)
    {
        var cells = values.Select(line => new Cell(
            line.Day, line.Value is null ? UsageRowKind.Other : UsageRowKind.Value, line.Value ?? "", line.Sums)).ToList();
        var within = cells.ToLookup(cell => cell.Day, cell => cell.Sums);
        foreach (var day in use.GroupBy(line => line.Day))
        {
            var whole = day.Aggregate(default(UsageSums), (sum, line) => sum + line.Sums);
            var rest = within[day.Key].Aggregate(whole, (sum, value) => sum - value);
            if (!rest.IsNothing)
            {
                cells.Add(new Cell(day.Key, UsageRowKind.Without, "", rest));
            }
        }

        return cells;
    }

    private static List<UsageRow> Rows(UsageRequest request, List<Cell> cells) =>
    [
        .. cells.Where(cell => cell.Day >= request.First || cell.Day <= request.Before.Last).GroupBy(cell => (cell.Kind, cell.Key))
            .Select(group => new UsageRow(
                group.Key.Kind, group.Key.Key,
                group.Where(cell => cell.Day >= request.First).Aggregate(default(UsageSums), (sum, cell) => sum + cell.Sums),
                group.Where(cell => cell.Day < request.First).Aggregate(default(UsageSums), (sum, cell) => sum + cell.Sums)))
            .OrderBy(row => row.Kind).ThenByDescending(row => row.Sums.SpentE4).ThenByDescending(row => row.Before.SpentE4)
            .ThenBy(row => row.Key, StringComparer.Ordinal),
    ];

    private static List<UsageColumn> Columns(UsageRequest request, List<Cell> cells, List<UsageRow> rows)
    {
        var places = rows.Select((row, place) => ((row.Kind, row.Key), place)).ToDictionary();
        var columns = new SortedDictionary<DateOnly, UsageSums[]>();
        for (var day = request.First; day <= request.Last; day = day.AddDays(1))
        {
            columns.TryAdd(request.ColumnOf(day), new UsageSums[rows.Count]);
        }

        foreach (var cell in cells.Where(cell => cell.Day >= request.First))
        {
            columns[request.ColumnOf(cell.Day)][places[(cell.Kind, cell.Key)]] += cell.Sums;
        }

        var starts = columns.Keys.Append(request.Last.AddDays(1)).ToList();
        return [.. columns.Select((column, index) => new UsageColumn(column.Key, starts[index + 1].AddDays(-1), column.Value))];
    }

    private static UsageTie TieOf(List<UsageLine> lines)
    {
        long Sum(Func<UsageLine, bool> of, Func<UsageSums, long> what) => lines.Where(of).Sum(line => what(line.Sums));
        return new UsageTie(
            DebitsE4: Sum(line => line.Kind != UsageLines.Reserved, sums => sums.OutE4),
            SettledE4: Sum(line => line.Kind == Settlement, sums => sums.OutE4),
            ReservedE4: Sum(line => line.Kind == UsageLines.Reserved, sums => sums.OutE4),
            UsedE4: Sum(IsUse, sums => sums.OutE4),
            GivenBackE4: Sum(IsUse, sums => sums.InE4),
            OtherE4: Sum(line => !IsUse(line) && line.Kind != Settlement, sums => sums.OutE4));
    }

    private readonly record struct Cell(DateOnly Day, UsageRowKind Kind, string Key, UsageSums Sums);
}
