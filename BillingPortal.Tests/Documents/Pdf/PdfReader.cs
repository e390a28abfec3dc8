using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace BillingPortal.Tests.Documents.Pdf;

/// <summary>
/// One text of a page: where its base line begins, counted from the lower left corner, and how wide it is.
/// </summary>
internal sealed record PdfWord(double X, double Y, double Size, string Font, string Text, double Width);

/// <summary>
/// Reads a PDF back by its own cross-reference table, knowing nothing of how it was written: pages, texts, fonts,
/// metadata.
/// </summary>
internal sealed partial class PdfReader
{
    private readonly byte[] _data;
    private readonly string _text;
    private readonly Dictionary<int, int> _offsets = [];
    private readonly string _trailer;

    public PdfReader(byte[] data)
    {
        (_data, _text) = (data, Encoding.Latin1.GetString(data));
        var table = int.Parse(StartXref().Match(_text).Groups[1].Value, CultureInfo.InvariantCulture);
        var lines = _text[table..].Split('\n');
        Assert.Equal("xref", lines[0]);
        var count = int.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture);
        for (var number = 1; number < count; number++)
        {
            Assert.Equal(19, lines[2 + number].Length);
            _offsets[number] = int.Parse(lines[2 + number][..10], CultureInfo.InvariantCulture);
            Assert.StartsWith($"{number} 0 obj\n", _text[_offsets[number]..], StringComparison.Ordinal);
        }

        _trailer = _text[_text.LastIndexOf("trailer", StringComparison.Ordinal)..];
        var tree = Dictionary(Reference(Dictionary(Reference(_trailer, "Root")), "Pages"));
        Pages = [.. References().Matches(Kids().Match(tree).Groups[1].Value)
            .Select(match => Words(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)))];
    }

    public IReadOnlyList<IReadOnlyList<PdfWord>> Pages { get; }

    public string Catalog => Dictionary(Reference(_trailer, "Root"));

    public string Info(string name) => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(
        Regex.Match(Dictionary(Reference(_trailer, "Info")), $@"/{name} <FEFF([0-9A-F]*)>").Groups[1].Value));

    public string InfoDate => CreationDate().Match(Dictionary(Reference(_trailer, "Info"))).Groups[1].Value;

    /// <summary>All texts, line by line from top to bottom, the texts of a line separated by a bar.</summary>
    public string Text => string.Join("\n", Pages.Select(PageText));

    /// <summary>The embedded font files.</summary>
    public IReadOnlyList<byte[]> Fonts => [.. FontFiles().Matches(_text)
        .Select(match => Stream(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)))];

    public static string PageText(IReadOnlyList<PdfWord> page) => string.Join("\n", page
        .GroupBy(word => Math.Round(word.Y, 1)).OrderByDescending(line => line.Key)
        .Select(line => string.Join(" | ", line.OrderBy(word => word.X).Select(word => word.Text))));

    private List<PdfWord> Words(int page)
    {
        var dictionary = Dictionary(page);
        var fonts = FontNames().Matches(dictionary).ToDictionary(
            match => match.Groups[1].Value, match => new Face(
                this, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
        var content = Encoding.ASCII.GetString(Stream(Reference(dictionary, "Contents")));
        return [.. Shown().Matches(content).Select(match =>
        {
            var face = fonts[match.Groups[1].Value];
            var size = Number(match.Groups[2].Value);
            var glyphs = Convert.FromHexString(match.Groups[5].Value).Chunk(2).Select(pair => (pair[0] << 8) | pair[1]).ToList();
            return new PdfWord(
                Number(match.Groups[3].Value), Number(match.Groups[4].Value), size, match.Groups[1].Value,
                string.Concat(glyphs.Select(glyph => face.Characters[glyph])),
                glyphs.Sum(glyph => face.Widths[glyph]) * size / 1000);
        })];
    }

    private byte[] Stream(int number)
    {
        var start = _text.IndexOf("stream\n", _offsets[number], StringComparison.Ordinal) + 7;
        var length = int.Parse(
            Regex.Match(Dictionary(number), @"/Length (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal("\nendstream\nendobj", _text.Substring(start + length, 17));
        using var zlib = new ZLibStream(new MemoryStream(_data, start, length), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.ToArray();
    }

    private string Dictionary(int number)
    {
        var start = _offsets[number];
        var end = _text.IndexOf("endobj", start, StringComparison.Ordinal);
        var stream = _text.IndexOf("stream\n", start, StringComparison.Ordinal);
        return _text[start..(stream > 0 && stream < end ? stream : end)];
    }

    private static int Reference(string dictionary, string name) => int.Parse(
        Regex.Match(dictionary, $@"/{name} (\d+) 0 R").Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // What a font says about its glyphs: which character each stands for, how wide it is.
    private sealed class Face
    {
        public Face(PdfReader reader, int number)
        {
            var dictionary = reader.Dictionary(number);
            var map = Encoding.ASCII.GetString(reader.Stream(Reference(dictionary, "ToUnicode")));
            Characters = Mapped().Matches(map).ToDictionary(
                match => int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                match => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(match.Groups[2].Value)));
            var descendant = reader.Dictionary(int.Parse(
                Regex.Match(dictionary, @"/DescendantFonts \[(\d+) 0 R\]").Groups[1].Value, CultureInfo.InvariantCulture));
            Widths = [.. Regex.Match(descendant, @"/W \[0 \[([^\]]*)\]").Groups[1].Value.Split(' ').Select(Number)];
        }

        public Dictionary<int, string> Characters { get; }

        public IReadOnlyList<double> Widths { get; }
    }

    [GeneratedRegex(@"startxref\n(\d+)\n%%EOF\n$")]
    private static partial Regex StartXref();

    [GeneratedRegex(@"/Kids \[([^\]]*)\]")]
    private static partial Regex Kids();

    [GeneratedRegex(@"(\d+) 0 R")]
    private static partial Regex References();

    [GeneratedRegex(@"/(F\d) (\d+) 0 R")]
    private static partial Regex FontNames();

    [GeneratedRegex(@"/FontFile2 (\d+) 0 R")]
    private static partial Regex FontFiles();

    [GeneratedRegex(@"/(F\d) ([\d.]+) Tf (-?[\d.]+) (-?[\d.]+) Td <([0-9A-F]*)> Tj")]
    private static partial Regex Shown();

    [GeneratedRegex("^<([0-9A-F]{4})> <([0-9A-F]+)>$", RegexOptions.Multiline)]
    private static partial Regex Mapped();

    [GeneratedRegex(@"/CreationDate \((D:\d+Z)\)")]
    private static partial Regex CreationDate();
}
