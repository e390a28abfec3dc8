using System.Text.RegularExpressions;

namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>Phone numbers in international form.</summary>
internal static partial class E164
{
    /// <summary>The number with its plus; null when no such number can exist. Ten digits alone are American.</summary>
    public static string? Normalize(string text)
    {
        var bare = Decoration().Replace(text, "");
        if (NationalPattern().IsMatch(bare))
        {
            bare = "+1" + bare;
        }

        var isNumber = bare.StartsWith("+1", StringComparison.Ordinal)
            ? AmericanPattern().IsMatch(bare)
            : Pattern().IsMatch(bare);
        return isNumber ? bare : null;
    }

    /// <summary>As Twilio shows it to people: <c>(415) 555-0100</c>, elsewhere the number itself.</summary>
    public static string Friendly(string number) => AmericanPattern().IsMatch(number)
        ? $"({number[2..5]}) {number[5..8]}-{number[8..]}"
        : number;

    [GeneratedRegex(@"[\s().-]")]
    private static partial Regex Decoration();

    [GeneratedRegex("^[2-9][0-9]{9}$")]
    private static partial Regex NationalPattern();

    [GeneratedRegex(@"^\+1[2-9][0-9]{9}$")]
    private static partial Regex AmericanPattern();

    [GeneratedRegex(@"^\+[2-9][0-9]{6,14}$")]
    private static partial Regex Pattern();
}
