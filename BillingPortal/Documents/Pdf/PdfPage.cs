using System.Globalization;
using System.Text;

namespace BillingPortal.Documents.Pdf;

/// <summary>A shade of ink, from 0 to 1 in red, green and blue.</summary>
internal readonly record struct PdfInk(double Red, double Green, double Blue)
{
    public static readonly PdfInk Black = new(0.07, 0.09, 0.15);
    public static readonly PdfInk Grey = new(0.36, 0.40, 0.47);
    public static readonly PdfInk Pale = new(0.82, 0.84, 0.87);
    public static readonly PdfInk Tint = new(0.95, 0.96, 0.98);
    public static readonly PdfInk Accent = new(0.11, 0.31, 0.85);
}

/// <summary>How a text is set.</summary>
internal readonly record struct PdfStyle(double Size, bool IsBold, PdfInk Ink)
{
    public static readonly PdfStyle Body = new(9, false, PdfInk.Black);
    public static readonly PdfStyle Strong = Body with { IsBold = true };
    public static readonly PdfStyle Small = new(7.5, false, PdfInk.Grey);

    /// <summary>From one base line to the next.</summary>
    public double LineHeight => Size * 1.42;
}

/// <summary>One page: texts, lines and areas at places counted in points from the upper left corner.</summary>
internal sealed class PdfPage(PdfDocument document)
{
    private readonly StringBuilder _content = new();

    public string Content => _content.ToString();

    /// <summary>Sets one line; <paramref name="baseline"/> is where its letters stand.</summary>
    public void Text(double left, double baseline, string text, PdfStyle style)
    {
        if (text.Length > 0)
        {
            _content.Append(
                CultureInfo.InvariantCulture,
                $"{Ink(style.Ink, "rg")} BT /{(style.IsBold ? "F2" : "F1")} {Number(style.Size)} Tf "
                + $"{Number(left)} {Number(document.Paper.Height - baseline)} Td "
                + $"<{document.FaceOf(style).Encode(text)}> Tj ET\n");
        }
    }

    /// <summary>Sets one line that ends at <paramref name="right"/>.</summary>
    public void TextRight(double right, double baseline, string text, PdfStyle style) =>
        Text(right - document.Measure(text, style), baseline, text, style);

    public void Line(double left, double right, double y, double width, PdfInk ink) => _content.Append(
        CultureInfo.InvariantCulture,
        $"{Ink(ink, "RG")} {Number(width)} w {Number(left)} {Number(document.Paper.Height - y)} m "
        + $"{Number(right)} {Number(document.Paper.Height - y)} l S\n");

    public void Area(double left, double top, double width, double height, PdfInk ink) => _content.Append(
        CultureInfo.InvariantCulture,
        $"{Ink(ink, "rg")} {Number(left)} {Number(document.Paper.Height - top - height)} "
        + $"{Number(width)} {Number(height)} re f\n");

    private static string Ink(PdfInk ink, string how) =>
        $"{Number(ink.Red)} {Number(ink.Green)} {Number(ink.Blue)} {how}";

    private static string Number(double value) => PdfDocument.Number(value);
}
