using System.Globalization;
using System.Text;

namespace BillingPortal.Messaging;

/// <summary>How a message's characters travel.</summary>
public enum SmsEncoding
{
    /// <summary>GSM-7: 160 places alone, 153 in each of several segments.</summary>
    Gsm7 = 1,

    /// <summary>UCS-2, for everything that GSM-7 has not: 70 places alone, 67 in each of several segments.</summary>
    Ucs2,
}

/// <summary>A character that forces UCS-2, marks included, where it stands in the text.</summary>
/// <param name="Start">Index in UTF-16 units, from 0.</param>
/// <param name="Suggestion">What to write instead; empty: leave it out; null: nothing stands in for it.</param>
public sealed record SmsSpecial(int Start, string Text, string? Suggestion)
{
    public int Length => Text.Length;

    public int End => Start + Text.Length;
}

/// <summary>What a text is as SMS.</summary>
/// <param name="Characters">What the limit of 1,600 counts: UTF-16 units.</param>
/// <param name="Places">Of the encoding: an extended character of GSM-7 takes two.</param>
/// <param name="Starts">Where each segment begins in the text; empty for an empty text.</param>
/// <param name="PlacesLeft">In the last segment.</param>
/// <param name="Specials">Why it is UCS-2, in the order of the text; empty for GSM-7.</param>
public sealed record SmsShape(
    SmsEncoding Encoding, int Characters, int Places, IReadOnlyList<int> Starts, int PlacesLeft,
    IReadOnlyList<SmsSpecial> Specials)
{
    public int Segments => Starts.Count;

    public bool IsTooLong => Characters > SmsSegments.CharactersMax;
}

/// <summary>Measures texts as SMS the way the networks do. Pure; what a message costs does not depend on it.</summary>
public static class SmsSegments
{
    /// <summary>Twilio's limit for a body (its error 21617).</summary>
    public const int CharactersMax = 1_600;

    private const int Gsm7Alone = 160;
    private const int Gsm7Each = 153;
    private const int Ucs2Alone = 70;
    private const int Ucs2Each = 67;

    public static SmsShape Measure(string text)
    {
        var specials = SpecialsOf(text);
        var encoding = specials.Count == 0 ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;
        var (alone, each) = encoding switch
        {
            SmsEncoding.Gsm7 => (Gsm7Alone, Gsm7Each),
            SmsEncoding.Ucs2 => (Ucs2Alone, Ucs2Each),
        };
        var places = encoding is SmsEncoding.Ucs2 ? text.Length : text.Sum(SmsAlphabet.PlacesOf);
        var (starts, used) = text.Length == 0 ? ([], 0)
            : places <= alone ? (new List<int> { 0 }, places)
            : Split(text, encoding, each);
        var capacity = starts.Count > 1 ? each : alone;
        return new SmsShape(encoding, text.Length, places, starts, capacity - used, specials);
    }

    /// <summary>The text with every special character replaced that has a suggestion.</summary>
    public static string ReplaceAll(string text, IEnumerable<SmsSpecial> specials)
    {
        var plain = new StringBuilder();
        var at = 0;
        foreach (var special in specials.Where(special => special.Suggestion is not null))
        {
            plain.Append(text, at, special.Start - at).Append(special.Suggestion);
            at = special.End;
        }

        return plain.Append(text, at, text.Length - at).ToString();
    }

    // Neither an escape and its character nor the halves of a surrogate pair may stand in two segments: what does not
    // fit any more opens the next one.
    private static (List<int> Starts, int UsedInLast) Split(string text, SmsEncoding encoding, int each)
    {
        var starts = new List<int> { 0 };
        var used = 0;
        for (var at = 0; at < text.Length;)
        {
            var isPair = encoding is SmsEncoding.Ucs2 && at + 1 < text.Length
                && char.IsSurrogatePair(text[at], text[at + 1]);
            var places = encoding is SmsEncoding.Gsm7 ? SmsAlphabet.PlacesOf(text[at]) : isPair ? 2 : 1;
            if (used + places > each)
            {
                starts.Add(at);
                used = 0;
            }

            used += places;
            at += isPair ? 2 : 1;
        }

        return (starts, used);
    }

    // By what a reader sees as one character: an accent of its own belongs to its letter, a family is one emoji.
    private static List<SmsSpecial> SpecialsOf(string text)
    {
        var specials = new List<SmsSpecial>();
        for (var at = 0; at < text.Length;)
        {
            var element = text.AsSpan(at, StringInfo.GetNextTextElementLength(text.AsSpan(at)));
            if (!SmsAlphabet.HasAll(element))
            {
                specials.Add(new SmsSpecial(at, element.ToString(), SmsPlainLetters.For(element)));
            }

            at += element.Length;
        }

        return specials;
    }
}
