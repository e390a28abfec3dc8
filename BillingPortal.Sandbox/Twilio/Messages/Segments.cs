using System.Buffers;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary>How many parts a text needs on the air: 7-bit letters if all of it allows that, else 16-bit.</summary>
internal static class Segments
{
    private const int SevenBitAlone = 160;
    private const int SevenBitPart = 153;
    private const int SixteenBitAlone = 70;
    private const int SixteenBitPart = 67;

    // GSM 03.38, the default alphabet and, behind an escape, its extension.
    private static readonly SearchValues<char> Basic = SearchValues.Create(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");

    private static readonly SearchValues<char> Extended = SearchValues.Create("\f^{}\\[~]|€");

    public static bool IsSevenBit(string text) => text.All(one => Basic.Contains(one) || Extended.Contains(one));

    /// <summary>At least one: an empty text is a message too when it carries a picture.</summary>
    public static int Count(string text) => IsSevenBit(text)
        ? Count(text.Select(one => Extended.Contains(one) ? 2 : 1), SevenBitAlone, SevenBitPart)
        : Count(text.EnumerateRunes().Select(one => one.Utf16SequenceLength), SixteenBitAlone, SixteenBitPart);

    /// <summary>A letter that needs two places is never cut in half at the end of a part.</summary>
    private static int Count(IEnumerable<int> letters, int alone, int part)
    {
        var widths = letters.ToList();
        if (widths.Sum() <= alone)
        {
            return 1;
        }

        var (parts, used) = (1, 0);
        foreach (var width in widths)
        {
            if (used + width > part)
            {
                (parts, used) = (parts + 1, 0);
            }

            used += width;
        }

        return parts;
    }
}
