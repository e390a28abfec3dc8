using System.Globalization;
using System.Text;

namespace BillingPortal.Messaging;

/// <summary>The same special character wherever it stands in a text.</summary>
/// <param name="Name">Itself, or what stands for it where nobody can see it.</param>
public sealed record SmsSpecialGroup(string Name, string Text, string? Suggestion, int Count);

/// <summary>Words about characters that force UCS-2. Pure.</summary>
public static class SmsSpecials
{
    /// <summary>Most frequent first.</summary>
    public static IReadOnlyList<SmsSpecialGroup> Group(IEnumerable<SmsSpecial> specials) =>
        [.. specials.GroupBy(special => special.Text, StringComparer.Ordinal)
            .Select(same => new SmsSpecialGroup(
                NameOf(same.Key), same.Key, same.First().Suggestion, same.Count()))
            .OrderByDescending(group => group.Count).ThenBy(group => group.Text, StringComparer.Ordinal)];

    public static string Explain(SmsSpecial special) => special.Suggestion switch
    {
        null => $"{NameOf(special.Text)} forces UCS-2; nothing in GSM-7 stands in for it",
        "" => $"{NameOf(special.Text)} forces UCS-2 and can be left out",
        var plain => $"{NameOf(special.Text)} forces UCS-2; {Quote(plain)} would not",
    };

    /// <summary>What to write instead, in words.</summary>
    public static string Instead(string suggestion) => suggestion switch
    {
        "" => "nothing",
        " " => "a space",
        "\n" => "a new line",
        _ => suggestion,
    };

    private static string Quote(string plain) => plain is " " or "\n" ? Instead(plain) : $"“{plain}”";

    // Spaces and marks that cannot be told from each other by looking at them have a name or at least a number.
    private static string NameOf(string text) => text switch
    {
        "\u00A0" => "No-break space",
        "\t" => "Tab",
        "\u200B" => "Zero-width space",
        "\uFEFF" => "Byte order mark",
        "\u202F" => "Narrow no-break space",
        _ when text.EnumerateRunes().All(IsUnseen) => string.Join(
            ' ', text.EnumerateRunes().Select(rune => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"))),
        _ => text,
    };

    private static bool IsUnseen(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.Surrogate
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
