using System.Collections.Frozen;

namespace BillingPortal.Messaging;

/// <summary>
/// The characters that SMS carries in seven bits (3GPP TS 23.038, default alphabet and its extension table). Every
/// other one turns the whole message into UCS-2.
/// </summary>
internal static class SmsAlphabet
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
        + "abcdefghijklmnopqrstuvwxyzäöñüà";

    // Each is an escape and a character: two places.
    private const string Extension = "\f^{}\\[~]|€";

    private static readonly FrozenDictionary<char, int> Places = Basic.Select(letter => (letter, Places: 1))
        .Concat(Extension.Select(letter => (letter, Places: 2)))
        .ToFrozenDictionary(pair => pair.letter, pair => pair.Places);

    /// <summary>How many of a segment's 160 or 153 places the character takes; 0 when it is none of the alphabet.</summary>
    public static int PlacesOf(char letter) => Places.GetValueOrDefault(letter);

    public static bool Has(char letter) => Places.ContainsKey(letter);

    public static bool HasAll(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!Has(letter))
            {
                return false;
            }
        }

        return true;
    }
}
