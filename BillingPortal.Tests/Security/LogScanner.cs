using System.Text.RegularExpressions;

namespace BillingPortal.Tests.Security;

/// <summary>
/// Knows what must never stand in a log: keys, secrets, sessions and links that open something, and what says who a person is or
/// what they wrote. Ids, amounts, masked forms and the last four digits of a card are fine.
/// </summary>
internal static partial class LogScanner
{
    private static readonly (string Kind, Regex Pattern)[] Kinds =
    [
        ("API key", ApiKey()),
        ("provider key", ProviderKey()),
        ("webhook secret", WebhookSecret()),
        ("client secret", ClientSecret()),
        ("password", Password()),
        ("setting's secret", SettingSecret()),
        ("bearer token", Bearer()),
        ("signed token", Jwt()),
        ("protected payload", Protected()),
        ("one-time code", Code()),
        ("email address", Email()),
        ("phone number", Phone()),
        ("card number", Card()),
    ];

    /// <summary>What is wrong with the text: one line each, with the find itself covered.</summary>
    public static IEnumerable<string> Scan(string text, IEnumerable<string>? alsoSecret = null)
    {
        foreach (var (kind, pattern) in Kinds)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (kind != "card number" || IsCardNumber(match.Value))
                {
                    yield return Describe(kind, text, match.Index, match.Length);
                }
            }
        }

        foreach (var secret in alsoSecret ?? [])
        {
            for (var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase); at >= 0;
                 at = text.IndexOf(secret, at + secret.Length, StringComparison.OrdinalIgnoreCase))
            {
                yield return Describe("marked value", text, at, secret.Length);
            }
        }
    }

    private static string Describe(string kind, string text, int at, int length)
    {
        var start = Math.Max(0, text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1);
        start = Math.Max(start, at - 160);
        var end = Math.Min(text.Length, at + length + 40);
        return $"{kind}: {text[start..at]}<{text.Substring(at, Math.Min(3, length))}… of {length}>{text[(at + length)..end]}"
            .ReplaceLineEndings(" ");
    }

    // The check digit of ISO/IEC 7812, and no id that happens to be digits.
    private static bool IsCardNumber(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).Select(digit => digit - '0').Reverse().ToList();
        var sum = digits.Select((digit, place) => place % 2 == 0 ? digit : digit * 2 > 9 ? (digit * 2) - 9 : digit * 2).Sum();
        return sum % 10 == 0 && digits.Distinct().Count() > 1;
    }

    [GeneratedRegex(@"\bbp_(live|sandbox|test)_\w{8,}")]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"\b(sk|rk)_(test|live)_\w+|\bre_[A-Za-z0-9]{7,}\b|\bsandbox_twilio_token\b")]
    private static partial Regex ProviderKey();

    [GeneratedRegex(@"\bwhsec_[\w+/=]+")]
    private static partial Regex WebhookSecret();

    [GeneratedRegex(@"\b(pi|seti|cs)_\w+_secret_\w+")]
    private static partial Regex ClientSecret();

    [GeneratedRegex(@"sandbox-Passw0rd|\b(Password|Pwd)\s*=\s*[^;\s*?'""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex(@"\b(sandbox-cron-secret|sandbox-billing-cron-token)\b")]
    private static partial Regex SettingSecret();

    [GeneratedRegex(@"\bBearer\s+[\w.~+/-]{12,}", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*")]
    private static partial Regex Jwt();

    // What ASP.NET's data protection makes: session cookies, antiforgery tokens, protected states.
    [GeneratedRegex(@"\bCfDJ8[\w-]{10,}")]
    private static partial Regex Protected();

    [GeneratedRegex(@"[?&](code|token|state|id_token|access_token|reset|invitation)=[\w%+/-]{12,}", RegexOptions.IgnoreCase)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[\w.+-]+@(?!\d+[.\s])[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\b")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\w:.+-])(\+|%2B)[1-9]\d{7,14}\b")]
    private static partial Regex Phone();

    [GeneratedRegex(@"(?<![\w.-])[3-6]\d{3}([ -]?\d{4}){2}[ -]?\d{3,4}(?![\w-])")]
    private static partial Regex Card();
}
