using System.Globalization;
using System.Text;

namespace BillingPortal.Messaging;

/// <summary>
/// A strange text cut into what may be shown as it is and what must be shown as a sign: characters that nobody sees,
/// but that hide, reorder or break what stands around them. Pure; it shortens nothing.
/// </summary>
internal static class SmsBodyText
{
    // The names that ASCII gave them; their pictures in Unicode are missing from most fonts.
    private static readonly string[] Ascii =
        ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS "
            + "US").Split(' ');

    /// <param name="Text">To be shown as text, isolated; for a sign its short name.</param>
    /// <param name="Code">Null for text; else the hidden character, for example U+202E.</param>
    internal readonly record struct Part(string Text, string? Code);

    public static IReadOnlyList<Part> Parts(string body)
    {
        var parts = new List<Part>();
        var plain = new StringBuilder();
        foreach (var rune in body.EnumerateRunes())
        {
            if (SignOf(rune) is not { } sign)
            {
                plain.Append(rune.ToString());
                continue;
            }

            Flush(parts, plain);
            parts.Add(new Part(sign, string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}")));
        }

        Flush(parts, plain);
        return parts;
    }

    private static void Flush(List<Part> parts, StringBuilder plain)
    {
        if (plain.Length > 0)
        {
            parts.Add(new Part(plain.ToString(), Code: null));
            plain.Clear();
        }
    }

    // Joiners are part of emoji and of many scripts: they stay.
    private static string? SignOf(Rune rune) => rune.Value switch
    {
        '\n' or 0x200C or 0x200D => null,
        '\r' => "CR",
        '\t' => "TAB",
        0x7F => "DEL",
        < 0x20 => Ascii[rune.Value],
        0x200E => "LRM",
        0x200F => "RLM",
        0x202A => "LRE",
        0x202B => "RLE",
        0x202C => "PDF",
        0x202D => "LRO",
        0x202E => "RLO",
        >= 0x2066 and <= 0x2069 => "ISO",
        0x200B => "ZWSP",
        0xFEFF => "BOM",
        // Flags of Scotland and its like are spelled with invisible letters: without a flag before them they are text
        // that hides.
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned
                ? "?"
                : null,
    };
}
