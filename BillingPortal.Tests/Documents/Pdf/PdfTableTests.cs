using System.Globalization;
using BillingPortal.Documents.Pdf;

namespace BillingPortal.Tests.Documents.Pdf;

/// <summary>Tables over several pages: headings on each, sums never alone, figures in line at the right.</summary>
public sealed class PdfTableTests
{
    private static readonly PdfColumn[] Columns =
        [new("Description", 5), new("Quantity", 1.5, IsRight: true), new("Amount", 1.5, IsRight: true)];

    [Fact]
    public void Headings_stand_on_every_page_and_every_row_once()
    {
        var reader = Table(Rows(150));

        Assert.InRange(reader.Pages.Count, 3, 6);
        Assert.All(reader.Pages, page => Assert.Single(page, word => word.Text == "Description"));
        var names = reader.Pages.SelectMany(page => page)
            .Select(word => word.Text).Where(text => text.StartsWith("Row ", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 150).Select(index => $"Row {index}"), names);
        Assert.All(reader.Pages.Index(), page => Assert.Contains(
            page.Item, word => word.Text == $"Page {page.Index + 1} of {reader.Pages.Count}"));
    }

    [Fact]
    public void Nothing_is_set_outside_the_margins_or_into_the_footer()
    {
        var reader = Table(Rows(150));

        Assert.All(reader.Pages.SelectMany(page => page), word =>
        {
            Assert.InRange(word.X, PdfFlow.Margin - 0.1, PaperSize.A4.Width - PdfFlow.Margin);
            Assert.InRange(word.X + word.Width, PdfFlow.Margin, PaperSize.A4.Width - PdfFlow.Margin + 0.1);
        });
        Assert.All(reader.Pages, page => Assert.All(
            page.Where(word => word.Text.StartsWith("Row ", StringComparison.Ordinal)), word => Assert.True(word.Y > 84)));
    }

    [Fact]
    public void Figures_of_a_column_end_at_the_same_place()
    {
        var words = Table(Rows(30)).Pages[0];

        var ends = words.Where(word => word.Text.EndsWith(".50", StringComparison.Ordinal))
            .Select(word => word.X + word.Width).ToList();
        Assert.Equal(30, ends.Count);
        Assert.All(ends, end => Assert.Equal(ends[0], end, 0.05));
    }

    // However many rows come before it, the sum takes the last line along to a new page.
    [Fact]
    public void A_sum_is_never_the_first_row_of_a_page()
    {
        for (var count = 25; count < 60; count++)
        {
            List<PdfRow> rows = [.. Rows(count), PdfRow.Total("Sum", "", "1.00")];
            var last = Table(rows).Pages[^1];

            Assert.Contains(last, word => word.Text == $"Row {count - 1}");
        }
    }

    [Fact]
    public void A_group_is_never_the_last_row_of_a_page()
    {
        for (var count = 25; count < 60; count++)
        {
            List<PdfRow> rows = [.. Rows(count), PdfRow.Group("Group"), PdfRow.Line("Member", "1", "1.00")];
            var page = Table(rows).Pages.Single(page => page.Any(word => word.Text == "Group"));

            Assert.Contains(page, word => word.Text == "Member");
        }
    }

    [Fact]
    public void Text_wraps_in_its_column_and_ends_with_dots_where_it_would_not_end_otherwise()
    {
        const string name = "A customer with a rather long legal name that takes more than one line of this column";
        var reader = Table([PdfRow.Line(name, "1", "1.00"),
            PdfRow.Line(new string('w', 5_000), "1", "2.00"), PdfRow.Line("last", "1", "3.00")]);

        var column = reader.Pages[0].Where(word => Math.Abs(word.X - 54) < 0.1 && word.Y < 780).ToList();
        Assert.All(column, word => Assert.InRange(word.Width, 0, 305));
        Assert.Equal(name, string.Join(' ', column.Select(word => word.Text).Where(
            text => name.Contains(text, StringComparison.Ordinal))));
        Assert.Equal(12, column.Count(word => word.Text.Contains("ww", StringComparison.Ordinal)));
        Assert.Contains(column, word => word.Text.EndsWith("w…", StringComparison.Ordinal));
        Assert.Contains(column, word => word.Text == "last");
    }

    [Fact]
    public void A_figure_too_wide_for_its_column_is_set_smaller_and_never_cut()
    {
        var word = Table([PdfRow.Line("x", "1", "922,337,203,685,477.5807")]).Pages[0]
            .Single(word => word.Text.StartsWith("922", StringComparison.Ordinal));

        Assert.InRange(word.Size, 5, 8.5);
    }

    private static PdfReader Table(IReadOnlyList<PdfRow> rows)
    {
        var flow = new PdfFlow(new PdfDocument(new PdfInfo("Table", "x", DateTimeOffset.UnixEpoch), PaperSize.A4));
        new PdfTable(flow, Columns).Write(rows);
        flow.Footer("footer");
        return new PdfReader(flow.Document.Save());
    }

    private static List<PdfRow> Rows(int count) => [.. Enumerable.Range(0, count).Select(index => PdfRow.Line(
        $"Row {index}", index.ToString(CultureInfo.InvariantCulture),
        $"{(index * 317).ToString("#,0", CultureInfo.InvariantCulture)}.50"))];
}
