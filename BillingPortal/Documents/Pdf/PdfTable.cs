namespace BillingPortal.Documents.Pdf;

/// <summary>A column: its heading, its share of the width, and whether its figures stand at the right.</summary>
internal sealed record PdfColumn(string Heading, double Share, bool IsRight = false);

/// <summary>What a row is, which decides how it is set.</summary>
internal enum PdfRowKind
{
    Line = 1,

    /// <summary>The name of the lines that follow; never the last thing on a page.</summary>
    Group,

    /// <summary>A sum; never alone on a new page.</summary>
    Total,
}

/// <summary>One row of a table: a cell per column, the missing ones empty.</summary>
internal sealed record PdfRow(PdfRowKind Kind, IReadOnlyList<string> Cells)
{
    public static PdfRow Line(params string[] cells) => new(PdfRowKind.Line, cells);

    public static PdfRow Group(string name) => new(PdfRowKind.Group, [name]);

    public static PdfRow Total(params string[] cells) => new(PdfRowKind.Total, cells);
}

/// <summary>
/// A table that goes on over as many pages as it needs, its headings repeated on each. Text wraps within its column;
/// figures never do: a figure that is too wide takes a smaller size.
/// </summary>
internal sealed class PdfTable(PdfFlow flow, IReadOnlyList<PdfColumn> columns)
{
    private const double Padding = 4;
    private const double CellGap = 12;
    private const int CellLinesMax = 12;
    private const double SmallestFigure = 5;
    private static readonly PdfStyle HeadingStyle = new(7.5, true, PdfInk.Grey);
    private readonly double _shares = columns.Sum(column => column.Share);

    public void Write(IReadOnlyList<PdfRow> rows)
    {
        flow.Need(HeadingHeight + (rows.Count > 0 ? HeightWithCompany(rows, 0) : 0));
        Headings();
        for (var index = 0; index < rows.Count; index++)
        {
            if (flow.Need(HeightWithCompany(rows, index)))
            {
                Headings();
            }

            Row(rows[index]);
        }

        flow.Skip(10);
    }

    private static double HeadingHeight => HeadingStyle.LineHeight + (2 * Padding);

    private static PdfStyle StyleOf(PdfRow row) => row.Kind is PdfRowKind.Line ? PdfStyle.Body : PdfStyle.Strong;

    // A group keeps its first line, and a line the total that follows it.
    private double HeightWithCompany(IReadOnlyList<PdfRow> rows, int index)
    {
        var height = HeightOf(rows[index]);
        var hasCompany = index + 1 < rows.Count
            && (rows[index].Kind is PdfRowKind.Group || rows[index + 1].Kind is PdfRowKind.Total);
        return hasCompany ? height + HeightWithCompany(rows, index + 1) : height;
    }

    private void Headings()
    {
        flow.Page.Area(flow.Left, flow.Top, flow.Width, HeadingHeight, PdfInk.Tint);
        foreach (var (index, column) in columns.Index())
        {
            var baseline = flow.Top + Padding + HeadingStyle.Size;
            Set(index, baseline, flow.OneLine(column.Heading, WidthOf(index), HeadingStyle), HeadingStyle);
        }

        flow.Skip(HeadingHeight);
    }

    private void Row(PdfRow row)
    {
        var (style, height) = (StyleOf(row), HeightOf(row));
        if (row.Kind is PdfRowKind.Total)
        {
            flow.Page.Line(flow.Left, flow.Right, flow.Top, 0.8, PdfInk.Grey);
        }

        for (var index = 0; index < row.Cells.Count; index++)
        {
            foreach (var (line, text) in Lines(row, index).Index())
            {
                Set(index, flow.Top + Padding + style.Size + (line * style.LineHeight), text, style);
            }
        }

        flow.Skip(height);
        if (row.Kind is not PdfRowKind.Group)
        {
            flow.Page.Line(flow.Left, flow.Right, flow.Top, 0.4, PdfInk.Pale);
        }
    }

    private double HeightOf(PdfRow row) =>
        (2 * Padding)
        + (StyleOf(row).LineHeight * Enumerable.Range(0, row.Cells.Count).Max(index => Lines(row, index).Count));

    private IReadOnlyList<string> Lines(PdfRow row, int index)
    {
        var width = row.Kind is PdfRowKind.Group ? flow.Width - (2 * Padding) : WidthOf(index);
        return columns[index].IsRight
            ? [row.Cells[index]]
            : flow.Wrap(row.Cells[index], width, StyleOf(row), CellLinesMax);
    }

    private void Set(int index, double baseline, string text, PdfStyle style)
    {
        if (!columns[index].IsRight)
        {
            flow.Page.Text(LeftOf(index), baseline, text, style);
            return;
        }

        while (style.Size > SmallestFigure && flow.Document.Measure(text, style) > WidthOf(index))
        {
            style = style with { Size = style.Size - 0.5 };
        }

        flow.Page.TextRight(LeftOf(index) + WidthOf(index), baseline, text, style);
    }

    private double LeftOf(int index) =>
        flow.Left + Padding + (columns.Take(index).Sum(column => column.Share) * Inner / _shares);

    private double WidthOf(int index) =>
        (columns[index].Share * Inner / _shares) - (index == columns.Count - 1 ? 0 : CellGap);

    private double Inner => flow.Width - (2 * Padding);
}
