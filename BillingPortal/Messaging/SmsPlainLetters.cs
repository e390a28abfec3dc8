using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace BillingPortal.Messaging;

/// <summary>
/// What can stand in for a character that forces UCS-2 without changing what the message says to a reader. It only
/// suggests; nothing is ever replaced without a person's word.
/// </summary>
internal static class SmsPlainLetters
{
    // Typographic characters that word processors put in by themselves, then letters that normalisation leaves alone,
    // then Greek capitals that look like Latin ones.
    private static readonly FrozenDictionary<int, string> Known = Pairs(
        ("‘’‚‛ʼ′ˈ´`", "'"), ("“”„‟″«»", "\""), ("‹", "<"), ("›", ">"), ("‐‑‒–—―−⁃", "-"), ("…", "..."), ("•·∙●▪", "*"),
        ("\t\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000", " "),
        ("\u2028\u2029\u0085\u000B", "\n"), ("⁄∕÷", "/"), ("×", "x"), ("©", "(c)"), ("®", "(r)"), ("™", "(tm)"),
        ("→", "->"), ("←", "<-"), ("≤", "<="), ("≥", ">="), ("¢", "c"), ("°", "deg"),
        ("ł", "l"), ("Ł", "L"), ("đð", "d"), ("ĐÐ", "D"), ("ħ", "h"), ("Ħ", "H"), ("ı", "i"), ("œ", "oe"), ("Œ", "OE"),
        ("þ", "th"), ("Þ", "Th"), ("ŧ", "t"), ("Ŧ", "T"), ("ŋ", "n"), ("Ŋ", "N"), ("ẞ", "SS"),
        ("Α", "A"), ("Β", "B"), ("Ε", "E"), ("Ζ", "Z"), ("Η", "H"), ("Ι", "I"), ("Κ", "K"), ("Μ", "M"), ("Ν", "N"),
        ("Ο", "O"), ("Ρ", "P"), ("Τ", "T"), ("Υ", "Y"), ("Χ", "X"));

    /// <summary>
    /// For one visible character, marks included: what to write instead, empty to leave it out; null when nothing does.
    /// </summary>
    public static string? For(ReadOnlySpan<char> element)
    {
        if (Composed(element) is { } composed)
        {
            return composed;
        }

        var plain = new StringBuilder();
        for (var rest = element; rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done)
            {
                return ""; // half a character: it says nothing, and nobody will see it
            }

            if (PlainOf(rune) is not { } letters)
            {
                return null;
            }

            plain.Append(letters);
            rest = rest[length..];
        }

        return plain.ToString();
    }

    private static string? PlainOf(Rune rune) => rune switch
    {
        { IsBmp: true } when SmsAlphabet.Has((char)rune.Value) => rune.ToString(),
        _ when Known.TryGetValue(rune.Value, out var known) => known,
        _ when IsSilent(rune) => "",
        _ => WithoutMarks(rune),
    };

    // Marks, joiners, direction marks, control characters: left out, the letters around them stay readable.
    private static bool IsSilent(Rune rune) => IsNoCharacter(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.Control;

    // Code points that are reserved for ever; normalisation refuses texts that have them.
    private static bool IsNoCharacter(Rune rune) =>
        (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    // "á" is an a with a mark, "２" a 2, "½" 1/2.
    private static string? WithoutMarks(Rune rune)
    {
        var parts = rune.ToString().Normalize(NormalizationForm.FormKD);
        var plain = new StringBuilder();
        foreach (var part in parts.EnumerateRunes())
        {
            if (part.IsBmp && SmsAlphabet.Has((char)part.Value))
            {
                plain.Append((char)part.Value);
            }
            else if (Known.TryGetValue(part.Value, out var known))
            {
                plain.Append(known);
            }
            else if (!IsSilent(part))
            {
                return null;
            }
        }

        return plain.Length == 0 ? null : plain.ToString();
    }

    // An e and an accent of its own are the é that SMS has.
    private static string? Composed(ReadOnlySpan<char> element)
    {
        if (element.Length < 2 || !SmsAlphabet.Has(element[0]) || !IsMark(element[1]))
        {
            return null;
        }

        var composed = element[..2].ToString().Normalize() + element[2..].ToString();
        return SmsAlphabet.HasAll(composed) ? composed : null;
    }

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark;

    private static FrozenDictionary<int, string> Pairs(params ReadOnlySpan<(string From, string To)> pairs)
    {
        var known = new Dictionary<int, string>();
        foreach (var (from, to) in pairs)
        {
            foreach (var letter in from)
            {
                known.Add(letter, to);
            }
        }

        return known.ToFrozenDictionary();
    }
}
