using System.Buffers.Binary;
using System.Text;

namespace BillingPortal.Documents.Pdf;

/// <summary>
/// A TrueType font file as far as a PDF needs it: which glyph stands for a character, how wide it is, its outline.
/// Read-only.
/// </summary>
internal sealed class TrueTypeFont
{
    private readonly byte[] _data;
    private readonly Dictionary<string, Range> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ushort> _glyphs;
    private readonly int _longMetrics;
    private readonly bool _hasLongOffsets;

    private TrueTypeFont(byte[] data)
    {
        _data = data;
        var count = U16(4);
        for (var entry = 12; entry < 12 + (16 * count); entry += 16)
        {
            var start = (int)U32(entry + 8);
            _tables[Encoding.ASCII.GetString(data, entry, 4)] = start..(start + (int)U32(entry + 12));
        }

        var (head, hhea, os2) = (At("head"), At("hhea"), At("OS/2"));
        UnitsPerEm = U16(head + 18);
        Bounds = [S16(head + 36), S16(head + 38), S16(head + 40), S16(head + 42)];
        _hasLongOffsets = U16(head + 50) == 1;
        (Ascender, Descender) = (S16(hhea + 4), S16(hhea + 6));
        _longMetrics = U16(hhea + 34);
        GlyphCount = U16(At("maxp") + 4);
        CapHeight = U16(os2) >= 2 ? S16(os2 + 88) : Ascender;
        _glyphs = ReadCharacters();
    }

    public int UnitsPerEm { get; }

    public int Ascender { get; }

    public int Descender { get; }

    public int CapHeight { get; }

    public int GlyphCount { get; }

    /// <summary>Left, bottom, right and top of the box that holds every glyph.</summary>
    public IReadOnlyList<int> Bounds { get; }

    /// <exception cref="InvalidDataException">The file has no Unicode character table that this reads.</exception>
    public static TrueTypeFont Parse(byte[] data) => new(data);

    /// <summary>0, the empty box, for a character that the font does not have.</summary>
    public ushort GlyphOf(int character) => _glyphs.GetValueOrDefault(character);

    public bool Has(int character) => _glyphs.ContainsKey(character);

    public int AdvanceOf(int glyph) => U16(At("hmtx") + (4 * Math.Min(glyph, _longMetrics - 1)));

    public short LeftSideBearingOf(int glyph) => glyph < _longMetrics
        ? S16(At("hmtx") + (4 * glyph) + 2)
        : S16(At("hmtx") + (4 * _longMetrics) + (2 * (glyph - _longMetrics)));

    /// <summary>Empty for a glyph without ink, such as the space.</summary>
    public ReadOnlySpan<byte> OutlineOf(int glyph)
    {
        var (loca, glyf) = (At("loca"), At("glyf"));
        var (start, end) = _hasLongOffsets
            ? ((int)U32(loca + (4 * glyph)), (int)U32(loca + (4 * glyph) + 4))
            : (2 * U16(loca + (2 * glyph)), 2 * U16(loca + (2 * glyph) + 2));
        return _data.AsSpan(glyf + start, end - start);
    }

    /// <summary>Empty for a table that the font does not have.</summary>
    public ReadOnlySpan<byte> Table(string tag) => _tables.TryGetValue(tag, out var range) ? _data.AsSpan(range) : [];

    // Subtable format 4, platform 3, encoding 1: the Unicode characters below U+10000.
    private Dictionary<int, ushort> ReadCharacters()
    {
        var cmap = At("cmap");
        for (var record = cmap + 4; record < cmap + 4 + (8 * U16(cmap + 2)); record += 8)
        {
            var table = cmap + (int)U32(record + 4);
            if (U16(record) == 3 && U16(record + 2) == 1 && U16(table) == 4)
            {
                return ReadSegments(table);
            }
        }

        throw new InvalidDataException("The font has no Unicode character table of format 4.");
    }

    private Dictionary<int, ushort> ReadSegments(int table)
    {
        var glyphs = new Dictionary<int, ushort>();
        var size = U16(table + 6);
        var (ends, starts) = (table + 14, table + 16 + size);
        for (var at = 0; at < size; at += 2)
        {
            var (delta, offsetAt) = (U16(starts + size + at), starts + (2 * size) + at);
            for (int character = U16(starts + at); character <= U16(ends + at) && character < 0xFFFF; character++)
            {
                var glyph = U16(offsetAt) == 0
                    ? (ushort)character
                    : U16(offsetAt + U16(offsetAt) + (2 * (character - U16(starts + at))));
                if (U16(offsetAt) == 0 || glyph != 0)
                {
                    glyphs[character] = (ushort)(glyph + delta);
                }
            }
        }

        return glyphs.Where(pair => pair.Value != 0).ToDictionary();
    }

    private int At(string tag) => _tables.TryGetValue(tag, out var range)
        ? range.Start.Value
        : throw new InvalidDataException($"The font has no table {tag}.");

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at));

    private short S16(int at) => BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(at));
}
