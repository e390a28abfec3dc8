using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Analytics;

/// <summary>
/// Turns a report into coordinates: spend per column, stacked by the first rows, the rest on top as one. Pure arithmetic in drawing
/// units. A row that gave back more than it took in a column is not drawn there; the table has it.
/// </summary>
internal sealed class UsagePlotGeometry
{
    /// <summary>So many rows have a colour of their own.</summary>
    public const int SeriesMax = 8;
    public const int Height = 280;
    public const int Top = 30;
    public const int Bottom = 246;
    public const int Left = 58;
    private const int Right = 10;
    private static readonly int[] NiceSteps = [1, 2, 3, 4, 5, 6, 8, 10];
    private readonly double _slot;

    public UsagePlotGeometry(UsageReport report, int width)
    {
        (Width, Report) = (width, report);
        _slot = (double)(width - Left - Right) / Math.Max(1, report.Columns.Count);
        Max = Nice(report.Columns.Select(column => column.Rows.Sum(sums => Math.Max(0, sums.SpentE4))).DefaultIfEmpty().Max());
    }

    public int Width { get; }

    public UsageReport Report { get; }

    public long Max { get; }

    public double SlotWidth => _slot;

    public double ColumnWidth => Math.Min(56, Math.Max(1, _slot * 0.72));

    public double PlotRight => Width - Right;

    public double SlotLeft(int column) => Left + (column * _slot);

    public double ColumnLeft(int column) => SlotLeft(column) + ((_slot - ColumnWidth) / 2);

    public double Centre(int column) => SlotLeft(column) + (_slot / 2);

    public double HeightOf(long e4) => (Bottom - Top) * (double)Math.Clamp(e4, 0, Max) / Max;

    /// <summary>The parts of a column from the foot up.</summary>
    public IEnumerable<(string Style, long E4)> PartsOf(UsageColumn column)
    {
        var rest = 0L;
        for (var place = 0; place < column.Rows.Count; place++)
        {
            var spent = Math.Max(0, column.Rows[place].SpentE4);
            var style = UsageTexts.Style(Report.Request, Report.Rows[place], place);
            if (style == "service-other")
            {
                rest += spent;
            }
            else if (spent > 0)
            {
                yield return (style, spent);
            }
        }

        if (rest > 0)
        {
            yield return ("service-other", rest);
        }
    }

    /// <summary>Columns that get a date under the axis: the last one, and back from it in even steps.</summary>
    public IEnumerable<int> LabelledColumns(int labels)
    {
        var every = Math.Max(1, (int)Math.Ceiling((double)Report.Columns.Count / labels));
        for (var column = Report.Columns.Count - 1; column >= 0; column -= every)
        {
            yield return column;
        }
    }

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    // The next round number, so that the axis reads 0, 500, 1,000 and never 0, 437, 874.
    private static long Nice(long e4)
    {
        if (e4 <= 0)
        {
            return 10 * Amount.Scale;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(e4)));
        return (long)(NiceSteps.First(factor => factor * power >= e4) * power);
    }
}
