namespace BillingPortal.Documents.Pdf;

/// <summary>
/// Fills pages from top to bottom: headings, paragraphs, facts and tables, each begun where the one before ended, on a
/// new page when there is no room. Ends with a footer on every page.
/// </summary>
internal sealed class PdfFlow(PdfDocument document)
{
    public const double Margin = 50;
    private const double FooterHeight = 34;
    private const int LinesMax = 40;
    private PdfPage? _page;

    public PdfDocument Document => document;

    /// <summary>The page being filled.</summary>
    public PdfPage Page => _page ??= document.AddPage();

    /// <summary>How far down the page it is filled.</summary>
    public double Top { get; private set; } = Margin;

    public double Left => Margin;

    public double Right => document.Paper.Width - Margin;

    public double Width => Right - Left;

    public double Bottom => document.Paper.Height - Margin - FooterHeight;

    public void Skip(double height) => Top += height;

    public void NewPage() => (_page, Top) = (document.AddPage(), Margin);

    /// <summary>Makes sure that so much fits, with a new page if need be. True when it began one.</summary>
    public bool Need(double height)
    {
        if (Top + height <= Bottom || Top <= Margin)
        {
            return false;
        }

        NewPage();
        return true;
    }

    /// <summary>A heading stays with what follows it.</summary>
    public void Heading(string text, PdfStyle style, double follows = 60)
    {
        Need(style.LineHeight + follows);
        Paragraph(text, style);
        Skip(3);
    }

    public void Paragraph(string text, PdfStyle style, double? width = null, double? left = null)
    {
        foreach (var line in Wrap(text, width ?? Width, style))
        {
            Need(style.LineHeight);
            Page.Text(left ?? Left, Top + style.Size, line, style);
            Skip(style.LineHeight);
        }
    }

    /// <summary>
    /// Blocks of lines side by side, such as two addresses; as high as the longest. The first line of each is its
    /// caption.
    /// </summary>
    public void Blocks(params ReadOnlySpan<IReadOnlyList<string>> blocks)
    {
        const double gap = 24;
        var width = (Width - (gap * (blocks.Length - 1))) / blocks.Length;
        var (top, bottom) = (Top, Top);
        for (var index = 0; index < blocks.Length; index++)
        {
            Top = top;
            var left = Left + (index * (width + gap));
            foreach (var (line, text) in blocks[index].Index())
            {
                Paragraph(text, line == 0 ? PdfStyle.Small : line == 1 ? PdfStyle.Strong : PdfStyle.Body, width, left);
            }

            bottom = Math.Max(bottom, Top);
        }

        Top = bottom;
    }

    /// <summary>Names and values in two columns at the left.</summary>
    public void Facts(double nameWidth, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        foreach (var (name, value) in facts)
        {
            Need(PdfStyle.Body.LineHeight);
            Page.Text(Left, Top + PdfStyle.Body.Size, name, PdfStyle.Body with { Ink = PdfInk.Grey });
            Paragraph(value, PdfStyle.Body, Width - nameWidth, Left + nameWidth);
        }
    }

    /// <summary>The last step, on every page: whose document it is (two lines at most), a remark, the page.</summary>
    public void Footer(string text, string? remark = null)
    {
        var lines = Wrap(text, Width - 90, PdfStyle.Small, linesMax: 2).ToList();
        if (remark is not null)
        {
            lines.Add(remark);
        }

        foreach (var (index, page) in document.Pages.Index())
        {
            var number = $"Page {index + 1} of {document.Pages.Count}";
            var line = document.Paper.Height - Margin - PdfStyle.Small.Size;
            page.Line(Left, Right, line - 12, 0.5, PdfInk.Pale);
            foreach (var (below, one) in lines.Index())
            {
                page.Text(Left, line + (below * PdfStyle.Small.LineHeight), one, PdfStyle.Small);
            }

            page.TextRight(Right, line, number, PdfStyle.Small);
        }
    }

    public IReadOnlyList<string> Wrap(string text, double width, PdfStyle style, int linesMax = LinesMax) =>
        PdfText.Wrap(text, width, linesMax, line => document.Measure(line, style));

    public string OneLine(string text, double width, PdfStyle style) =>
        PdfText.OneLine(text, width, line => document.Measure(line, style));
}
