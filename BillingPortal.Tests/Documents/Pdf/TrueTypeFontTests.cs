using System.Buffers.Binary;
using BillingPortal.Documents.Pdf;

namespace BillingPortal.Tests.Documents.Pdf;

/// <summary>
/// The font reader and the subsets it makes: the same outlines under new numbers, parts of composed letters included.
/// </summary>
public sealed class TrueTypeFontTests
{
    [Fact]
    public void Figures_are_all_equally_wide_so_that_columns_of_them_line_up()
    {
        foreach (var font in new[] { PdfFonts.Regular, PdfFonts.Bold })
        {
            Assert.Single("0123456789".Select(digit => font.AdvanceOf(font.GlyphOf(digit))).Distinct());
        }
    }

    [Fact]
    public void Letters_beyond_latin_are_there()
    {
        foreach (var font in new[] { PdfFonts.Regular, PdfFonts.Bold })
        {
            Assert.All("ÄöüßŁłŻżŚęąčřůőűșțÅøÆþİğşΑΩάώЖяЁЇєґЉ€£¥©–—„“”’…№×÷•·",
                letter => Assert.True(font.Has(letter), letter.ToString()));
            Assert.False(font.Has('漢'));
        }
    }

    [Fact]
    public void A_subset_keeps_outlines_widths_and_checksums()
    {
        var font = PdfFonts.Regular;
        List<ushort> used = [0, font.GlyphOf('A'), font.GlyphOf('o'), font.GlyphOf('A')];

        var file = FontSubset.Build(font, used);

        var subset = ParseSubset(file);
        Assert.Equal(4, subset.GlyphCount);
        Assert.Equal(used.Select(glyph => font.AdvanceOf(glyph)), Enumerable.Range(0, 4).Select(subset.AdvanceOf));
        Assert.True(subset.OutlineOf(1).StartsWith(font.OutlineOf(font.GlyphOf('A'))));
        Assert.True(subset.OutlineOf(3).SequenceEqual(subset.OutlineOf(1)));
        // The OpenType specification: all words of the file add up to this.
        Assert.Equal(0xB1B0AFBA, Words(file).Aggregate(0u, (sum, word) => unchecked(sum + word)));
    }

    [Fact]
    public void A_letter_composed_of_others_brings_them_along_under_their_new_numbers()
    {
        var font = PdfFonts.Regular;
        var composed = Enumerable.Range(0x00C0, 0x140).Select(letter => font.GlyphOf(letter))
            .First(glyph => BinaryPrimitives.ReadInt16BigEndian(font.OutlineOf(glyph)) < 0);

        var subset = ParseSubset(FontSubset.Build(font, [0, composed]));

        Assert.InRange(subset.GlyphCount, 3, 5);
        Assert.Equal(2, BinaryPrimitives.ReadUInt16BigEndian(subset.OutlineOf(1)[12..]));
        Assert.True(subset.OutlineOf(2).Length > 0);
    }

    // A subset has no character table, as a PDF addresses its glyphs by number: it gets an empty one to be read.
    internal static SubsetFont ParseSubset(byte[] file) => new(file);

    private static IEnumerable<uint> Words(byte[] file) =>
        Enumerable.Range(0, file.Length / 4)
            .Select(word => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4 * word)));
}

/// <summary>Reads the few tables of a subset by its directory.</summary>
internal sealed class SubsetFont(byte[] file)
{
    public int GlyphCount => BinaryPrimitives.ReadUInt16BigEndian(Table("maxp")[4..]);

    public int AdvanceOf(int glyph) => BinaryPrimitives.ReadUInt16BigEndian(Table("hmtx")[(4 * glyph)..]);

    public ReadOnlySpan<byte> OutlineOf(int glyph)
    {
        var loca = Table("loca")[(4 * glyph)..];
        return Table("glyf")[BinaryPrimitives.ReadInt32BigEndian(loca)..BinaryPrimitives.ReadInt32BigEndian(loca[4..])];
    }

    private ReadOnlySpan<byte> Table(string tag)
    {
        for (var entry = 12; entry < 12 + (16 * BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(4))); entry += 16)
        {
            if (System.Text.Encoding.ASCII.GetString(file, entry, 4) == tag)
            {
                return file.AsSpan(
                    BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(entry + 8)),
                    BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(entry + 12)));
            }
        }

        throw new InvalidDataException($"The subset has no table {tag}.");
    }
}
