using System.Text;

namespace BillingPortal.Messaging;

/// <summary>Phone numbers as people write them, to the one form that everybody understands. Pure.</summary>
public static class E164
{
    private const int DigitsMin = 8;
    private const int DigitsMax = 15; // ITU-T E.164
    private const int NanpDigits = 11;

    /// <summary>
    /// <c>+14155550123</c> from <c>+1 (415) 555-0123</c> or <c>001 415 555 0123</c>; null for anything that is not a
    /// whole international number.
    /// </summary>
    public static string? Normalize(string? text)
    {
        if (text is null || text.Length > 64)
        {
            return null;
        }

        var digits = new StringBuilder();
        var isInternational = false;
        foreach (var one in text)
        {
            if (one == '+' && digits.Length == 0 && !isInternational)
            {
                isInternational = true;
            }
            else if (char.IsAsciiDigit(one))
            {
                digits.Append(one);
            }
            else if (!IsPunctuation(one))
            {
                return null;
            }
        }

        var number = digits.ToString();
        if (!isInternational)
        {
            if (!number.StartsWith("00", StringComparison.Ordinal))
            {
                return null;
            }

            number = number[2..];
        }

        return IsWhole(number) ? "+" + number : null;
    }

    private static bool IsWhole(string number) => number.Length is >= DigitsMin and <= DigitsMax && number[0] switch
    {
        '0' => false,
        // North America: +1, then area code and exchange, neither of which begins with 0 or 1.
        '1' => number.Length == NanpDigits && number[1] is >= '2' and <= '9' && number[4] is >= '2' and <= '9',
        _ => true,
    };

    // Also what comes along when a number is copied from a page: no-break spaces, marks of writing direction.
    private static bool IsPunctuation(char one) => char.IsWhiteSpace(one)
        || one is '-' or '.' or '(' or ')' or '/' or (>= '\u2010' and <= '\u2015') or (>= '\u200B' and <= '\u200F')
            or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069') or '\u2212' or '\uFEFF';
}
