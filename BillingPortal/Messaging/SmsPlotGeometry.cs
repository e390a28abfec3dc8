using System.Globalization;

namespace BillingPortal.Messaging;

/// <summary>
/// Turns messages per day into coordinates: above, those sent, stacked by what became of them; below, those received;
/// both on one time axis. Pure arithmetic in drawing units.
/// </summary>
internal sealed class SmsPlotGeometry
{
    public const int Height = 300;
    public const int SentTop = 30;
    public const int SentBottom = 156;
    public const int ReceivedTop = 204;
    public const int ReceivedBottom = 268;
    public const int Left = 46;
    private const int Right = 10;
    private const int ColumnsMax = 92;
    private static readonly int[] NiceSteps = [1, 2, 3, 4, 5, 6, 8, 10];
    private readonly double _slot;

    public SmsPlotGeometry(IReadOnlyList<SmsDay> days, int width)
    {
        Width = width;
        Columns = ColumnsOf(days);
        _slot = (double)(width - Left - Right) / Math.Max(1, Columns.Count);
        SentMax = Nice(Columns.Max(day => day.Sums.Sent));
        ReceivedMax = Nice(Columns.Max(day => day.Sums.Received));
    }

    public int Width { get; }

    public IReadOnlyList<SmsDay> Columns { get; }

    public long SentMax { get; }

    public long ReceivedMax { get; }

    public double SlotWidth => _slot;

    public double ColumnWidth => Math.Max(1, _slot * 0.72);

    public double PlotRight => Width - Right;

    public double SlotLeft(int column) => Left + (column * _slot);

    public double ColumnLeft(int column) => SlotLeft(column) + ((_slot - ColumnWidth) / 2);

    public double Centre(int column) => SlotLeft(column) + (_slot / 2);

    public double SentHeight(long messages) => (SentBottom - SentTop) * (double)messages / SentMax;

    public double ReceivedHeight(long messages) => (ReceivedBottom - ReceivedTop) * (double)messages / ReceivedMax;

    /// <summary>Columns that get a date under the axis: the last one, and back from it in even steps.</summary>
    public IEnumerable<int> LabelledColumns(int labels)
    {
        var every = Math.Max(1, (int)Math.Ceiling((double)Columns.Count / labels));
        for (var column = Columns.Count - 1; column >= 0; column -= every)
        {
            yield return column;
        }
    }

    /// <summary>Days as they are; of longer periods weeks that begin on Monday.</summary>
    public static IReadOnlyList<SmsDay> ColumnsOf(IReadOnlyList<SmsDay> days) => days.Count <= ColumnsMax
        ? days
        : [.. days.GroupBy(day => day.Day.AddDays(-(((int)day.Day.DayOfWeek + 6) % 7)))
            .Select(week => new SmsDay(
                week.Key > days[0].Day ? week.Key : days[0].Day,
                week.Select(day => day.Sums).Aggregate((left, right) => left + right)))];

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    // The next round number, so that the axis reads 0, 50, 100 and never 0, 43, 87.
    private static long Nice(long messages)
    {
        if (messages <= 4)
        {
            return 4;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(messages)));
        return (long)(NiceSteps.First(factor => factor * power >= messages) * power);
    }
}
