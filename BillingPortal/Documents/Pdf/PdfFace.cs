using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Documents.Pdf;

/// <summary>
/// One face of a document: numbers the characters in the order of their first use and writes the font with just these.
/// </summary>
internal sealed class PdfFace(TrueTypeFont font, string name)
{
    // Every character gets a glyph of its own, even where two look alike: the text read back is the text written.
    private readonly List<ushort> _glyphs = [0];
    private readonly List<int> _characters = [0];
    private readonly Dictionary<int, int> _numbers = [];

    public bool IsUsed => _glyphs.Count > 1;

    public TrueTypeFont Font => font;

    /// <summary>The width in points.</summary>
    public double Measure(string text, double size) =>
        text.EnumerateRunes().Sum(rune => font.AdvanceOf(font.GlyphOf(rune.Value))) * size / font.UnitsPerEm;

    /// <summary>The text as a page's content names it.</summary>
    public string Encode(string text)
    {
        var hex = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (!_numbers.TryGetValue(rune.Value, out var number))
            {
                number = _numbers[rune.Value] = _glyphs.Count;
                _glyphs.Add(font.GlyphOf(rune.Value));
                _characters.Add(rune.Value);
            }

            hex.Append(number.ToString("X4", CultureInfo.InvariantCulture));
        }

        return hex.ToString();
    }

    /// <summary>Adds the font's objects; the answer is the one that pages refer to.</summary>
    public int Write(PdfFile file)
    {
        var subset = FontSubset.Build(font, _glyphs);
        var fullName = $"{Tag(subset)}+{name}";
        var program = file.AddStream(subset, $"/Length1 {subset.Length}");
        var bounds = string.Join(' ', font.Bounds.Select(Thousandths));
        var descriptor = file.Add(
            $"<< /Type /FontDescriptor /FontName /{fullName} /Flags 4 /FontBBox [{bounds}] "
            + $"/ItalicAngle 0 /Ascent {Thousandths(font.Ascender)} /Descent {Thousandths(font.Descender)} "
            + $"/CapHeight {Thousandths(font.CapHeight)} /StemV 80 /FontFile2 {program} 0 R >>");
        var widths = string.Join(' ', _glyphs.Select(glyph => Thousandths(font.AdvanceOf(glyph))));
        var descendant = file.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{fullName} "
            + "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            + $"/FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /DW 1000 /W [0 [{widths}]] >>");
        var unicode = file.AddStream(Encoding.ASCII.GetBytes(ToUnicode()));
        return file.Add(
            $"<< /Type /Font /Subtype /Type0 /BaseFont /{fullName} /Encoding /Identity-H "
            + $"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>");
    }

    private int Thousandths(int units) =>
        (int)Math.Round(1000.0 * units / font.UnitsPerEm, MidpointRounding.AwayFromZero);

    // Six letters that differ with the selection of glyphs, as the PDF specification asks for (9.6.4).
    private static string Tag(byte[] subset) =>
        string.Concat(SHA256.HashData(subset).Take(6).Select(one => (char)('A' + (one % 26))));

    private string ToUnicode()
    {
        var map = new StringBuilder(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            + "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            + "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            + "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
        // The specification allows a hundred lines in one block.
        foreach (var block in _characters.Index().Skip(1).Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (number, character) in block)
            {
                var utf16 = Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(new Rune(character).ToString()));
                map.Append(CultureInfo.InvariantCulture, $"<{number:X4}> <{utf16}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString();
    }
}
