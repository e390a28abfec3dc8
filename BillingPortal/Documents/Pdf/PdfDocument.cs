using System.Globalization;
using System.Text;

namespace BillingPortal.Documents.Pdf;

/// <summary>A sheet of paper in points (1/72 inch).</summary>
internal sealed record PaperSize(double Width, double Height)
{
    public static readonly PaperSize A4 = new(595.28, 841.89);
    public static readonly PaperSize Letter = new(612, 792);

    // Where Letter is the usual paper (ISO 3166-1); everywhere else it is A4.
    private static readonly HashSet<string> LetterCountries = new(StringComparer.Ordinal)
    {
        "US", "CA", "MX", "GT", "SV", "HN", "NI", "CR", "PA", "DO", "PR", "CO", "VE", "CL", "PH",
    };

    public static PaperSize Of(string? country) => LetterCountries.Contains(country ?? "") ? Letter : A4;
}

/// <summary>What a viewer shows about a document.</summary>
internal sealed record PdfInfo(string Title, string Author, DateTimeOffset CreatedAt);

/// <summary>
/// A PDF in the making: pages and the fonts they share. Its bytes depend on nothing but what was put in: no clock, no
/// machine, no chance.
/// </summary>
internal sealed class PdfDocument(PdfInfo info, PaperSize paper)
{
    private readonly List<PdfPage> _pages = [];

    public PaperSize Paper => paper;

    public PdfFace Regular { get; } = new(PdfFonts.Regular, "NotoSans-Regular");

    public PdfFace Bold { get; } = new(PdfFonts.Bold, "NotoSans-Bold");

    public IReadOnlyList<PdfPage> Pages => _pages;

    public PdfPage AddPage()
    {
        _pages.Add(new PdfPage(this));
        return _pages[^1];
    }

    public double Measure(string text, PdfStyle style) => FaceOf(style).Measure(text, style.Size);

    public PdfFace FaceOf(PdfStyle style) => style.IsBold ? Bold : Regular;

    public byte[] Save()
    {
        var file = new PdfFile();
        var (catalog, tree) = (file.Reserve(), file.Reserve());
        // Faces first: by now every page has said which characters it needs.
        var fonts = string.Concat(new[] { (Name: "F1", Face: Regular), (Name: "F2", Face: Bold) }
            .Where(font => font.Face.IsUsed).Select(font => $"/{font.Name} {font.Face.Write(file)} 0 R "));
        var pages = new List<int>();
        foreach (var page in _pages)
        {
            var content = file.AddStream(Encoding.ASCII.GetBytes(page.Content));
            pages.Add(file.Add(
                $"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {Number(paper.Width)} {Number(paper.Height)}] "
                + $"/Resources << /Font << {fonts}>> >> /Contents {content} 0 R >>"));
        }

        var kids = string.Join(' ', pages.Select(page => $"{page} 0 R"));
        file.Set(tree, $"<< /Type /Pages /Kids [{kids}] /Count {pages.Count} >>");
        file.Set(catalog,
            $"<< /Type /Catalog /Pages {tree} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>");
        var at = info.CreatedAt.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        return file.Save(catalog, file.Add(
            $"<< /Title {PdfFile.Text(info.Title)} /Author {PdfFile.Text(info.Author)} "
            + $"/Creator {PdfFile.Text("BillingPortal")} /CreationDate (D:{at}Z) >>"));
    }

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
