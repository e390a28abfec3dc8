using BillingPortal.Documents.Pdf;

namespace BillingPortal.Tests.Documents.Pdf;

/// <summary>
/// What is written into a PDF is what a reader finds in it: letters, places, pages, metadata; and equal contents give
/// equal bytes.
/// </summary>
public sealed class PdfDocumentTests
{
    private const string Letters =
        "Müller & Söhne GmbH, Żółć Łódź, Ελληνική Εταιρεία ΑΕ, ООО «Ёлка», Çağ İş, Nguyễn, 1.234,50 € – “so” — №5";

    private static readonly PdfInfo Info =
        new("Receipt R-2026-000001 für Żółć", "Portal Inc.", new DateTimeOffset(2026, 11, 3, 9, 30, 0, TimeSpan.Zero));

    [Fact]
    public void Names_in_several_scripts_are_read_back_as_they_were_written()
    {
        var reader = new PdfReader(Page((flow, _) =>
        {
            flow.Paragraph(Letters, PdfStyle.Body);
            flow.Paragraph(Letters, PdfStyle.Strong);
        }));

        Assert.Equal([Letters, Letters], reader.Pages[0].Take(2).Select(word => word.Text));
        Assert.Equal(["F1", "F2"], reader.Pages[0].Take(2).Select(word => word.Font));
    }

    [Fact]
    public async Task A_reader_that_is_not_ours_finds_the_same_text()
    {
        Assert.SkipUnless(Poppler.IsThere, "pdftotext is not installed.");

        var text = await Poppler.TextAsync(Page((flow, _) => flow.Paragraph(Letters, PdfStyle.Body)));

        Assert.Contains(Letters, text, StringComparison.Ordinal);
        Assert.Contains("Page 1 of 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_contents_give_equal_bytes()
    {
        var first = Page((flow, _) => flow.Paragraph(Letters, PdfStyle.Body));
        var second = Page((flow, _) => flow.Paragraph(Letters, PdfStyle.Body));
        var other = Page((flow, _) => flow.Paragraph(Letters + ".", PdfStyle.Body));

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void A_document_says_what_it_is_whose_and_of_when()
    {
        var reader = new PdfReader(Page((flow, _) => flow.Paragraph("x", PdfStyle.Body)));

        Assert.Equal("Receipt R-2026-000001 für Żółć", reader.Info("Title"));
        Assert.Equal("Portal Inc.", reader.Info("Author"));
        Assert.Equal("D:20261103093000Z", reader.InfoDate);
        Assert.Contains("/DisplayDocTitle true", reader.Catalog, StringComparison.Ordinal);
    }

    [Fact]
    public void The_embedded_font_holds_what_is_used_and_little_else()
    {
        var reader = new PdfReader(Page((flow, _) => flow.Paragraph(Letters, PdfStyle.Body)));

        var font = TrueTypeFontTests.ParseSubset(Assert.Single(reader.Fonts));
        Assert.InRange(font.GlyphCount, Letters.Distinct().Count(), 160);
        Assert.InRange(reader.Fonts[0].Length, 5_000, 40_000);
    }

    [Fact]
    public void A_letter_that_the_font_does_not_have_is_kept_as_text_and_named()
    {
        var reader = new PdfReader(Page((flow, _) => flow.Paragraph("Acme 漢字 😀", PdfStyle.Body)));

        Assert.Equal("Acme 漢字 😀", reader.Pages[0][0].Text);
        Assert.Equal("漢", PdfFonts.Unprintable("Acme 漢字"));
        Assert.Null(PdfFonts.Unprintable(Letters));
    }

    [Fact]
    public void Letters_written_in_two_signs_are_composed_and_what_cannot_be_seen_is_left_out()
    {
        Assert.Equal("Łódź é", PdfText.Clean("Ło\u0301dz\u0301 e\u0301"));
        Assert.Equal("a b c\nd", PdfText.Clean("a\tb\u00a0c\r\nd\u200e\u202e"));
        Assert.Equal("a\ufffdb", PdfText.Clean("a\ud800b"));
    }

    [Fact]
    public void The_paper_is_the_usual_one_of_the_country()
    {
        Assert.Equal(PaperSize.Letter, PaperSize.Of("US"));
        Assert.Equal(PaperSize.A4, PaperSize.Of("DE"));
        Assert.Equal(PaperSize.A4, PaperSize.Of(null));
    }

    [Fact]
    public void A_long_foot_takes_a_second_line_and_its_remark_one_of_its_own()
    {
        var document = new PdfDocument(Info, PaperSize.A4);
        var flow = new PdfFlow(document);
        flow.Paragraph("x", PdfStyle.Body);
        var seller = string.Join(" · ", Enumerable.Repeat("BillingPortal Sandbox Ltd", 6));
        flow.Footer($"{seller} · end@portal.example", "Remark.");

        var words = new PdfReader(document.Save()).Pages[0].Select(word => word.Text).ToList();
        Assert.Contains(words, text => text.EndsWith("end@portal.example", StringComparison.Ordinal));
        Assert.Contains("Remark.", words);
    }

    private static byte[] Page(Action<PdfFlow, PdfDocument> write)
    {
        var document = new PdfDocument(Info, PaperSize.A4);
        var flow = new PdfFlow(document);
        write(flow, document);
        flow.Footer("Portal Inc. · Receipt R-2026-000001");
        return document.Save();
    }
}
