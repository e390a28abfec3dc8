using System.Buffers.Binary;

namespace BillingPortal.Documents.Pdf;

/// <summary>
/// A font file with only the glyphs that a document uses, numbered anew from 0, the empty box. Equal glyphs in equal
/// order give equal bytes.
/// </summary>
internal static class FontSubset
{
    private const int ArgumentsAreWords = 0x0001;
    private const int HasScale = 0x0008;
    private const int HasMoreParts = 0x0020;
    private const int HasTwoScales = 0x0040;
    private const int HasMatrix = 0x0080;

    // What a viewer needs to draw outlines; names, characters and kerning stay behind.
    private static readonly string[] Copied = ["cvt ", "fpgm", "prep"];

    /// <param name="font">The whole font.</param>
    /// <param name="used">Its glyphs; the place in this list is the new number.</param>
    public static byte[] Build(TrueTypeFont font, IReadOnlyList<ushort> used)
    {
        var glyphs = new List<ushort>(used);
        var numbers = new Dictionary<ushort, int>();
        foreach (var (number, glyph) in used.Index())
        {
            numbers.TryAdd(glyph, number);
        }

        var (outlines, offsets) = (new List<byte>(), new List<int> { 0 });
        for (var number = 0; number < glyphs.Count; number++)
        {
            outlines.AddRange(Renumbered(font.OutlineOf(glyphs[number]), glyphs, numbers));
            outlines.AddRange(new byte[(4 - (outlines.Count % 4)) % 4]);
            offsets.Add(outlines.Count);
        }

        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["glyf"] = [.. outlines],
            ["loca"] = [.. offsets.SelectMany(offset => Bytes((uint)offset))],
            ["hmtx"] = [.. glyphs.SelectMany(glyph => Metrics(font, glyph))],
            ["head"] = Changed(font.Table("head"), (8, 0u, 4), (50, 1u, 2)),
            ["hhea"] = Changed(font.Table("hhea"), (34, (uint)glyphs.Count, 2)),
            ["maxp"] = Changed(font.Table("maxp"), (4, (uint)glyphs.Count, 2)),
        };
        foreach (var tag in Copied.Where(tag => font.Table(tag).Length > 0))
        {
            tables[tag] = font.Table(tag).ToArray();
        }

        return FontFile.Assemble(tables);
    }

    // An outline made of other glyphs names them: they come along, at the end of the list.
    private static byte[] Renumbered(
        ReadOnlySpan<byte> outline, List<ushort> glyphs, Dictionary<ushort, int> numbers)
    {
        var copy = outline.ToArray();
        if (copy.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(copy) >= 0)
        {
            return copy;
        }

        int flags;
        var at = 10;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(at));
            var part = BinaryPrimitives.ReadUInt16BigEndian(copy.AsSpan(at + 2));
            if (!numbers.TryGetValue(part, out var number))
            {
                number = numbers[part] = glyphs.Count;
                glyphs.Add(part);
            }

            BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(at + 2), (ushort)number);
            at += 4 + ((flags & ArgumentsAreWords) != 0 ? 4 : 2)
                + ((flags & HasScale) != 0 ? 2 : (flags & HasTwoScales) != 0 ? 4 : (flags & HasMatrix) != 0 ? 8 : 0);
        }
        while ((flags & HasMoreParts) != 0);

        return copy;
    }

    private static byte[] Metrics(TrueTypeFont font, ushort glyph)
    {
        var metrics = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(metrics, (ushort)font.AdvanceOf(glyph));
        BinaryPrimitives.WriteInt16BigEndian(metrics.AsSpan(2), font.LeftSideBearingOf(glyph));
        return metrics;
    }

    private static byte[] Bytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Changed(
        ReadOnlySpan<byte> table, params ReadOnlySpan<(int At, uint Value, int Length)> changes)
    {
        var copy = table.ToArray();
        foreach (var (at, value, length) in changes)
        {
            Bytes(value).AsSpan(4 - length).CopyTo(copy.AsSpan(at));
        }

        return copy;
    }
}
