using System.Globalization;
using System.Security.Cryptography;

namespace BillingPortal.Sandbox.Twilio.Api;

/// <summary>SIDs and dates in Twilio's shapes.</summary>
internal static class TwilioIds
{
    public const string Version = "2010-04-01";
    public const string Account = $"/{Version}/Accounts/{SandboxOptions.TwilioAccountSid}";

    private const int DigitsMax = 32;

    /// <summary>Two letters and 32 hexadecimal digits, never guessable.</summary>
    public static string New(string prefix) =>
        prefix + RandomNumberGenerator.GetHexString(DigitsMax, lowercase: true);

    public static bool Is(string prefix, string? text) => text is not null && text.Length == prefix.Length + DigitsMax
        && text.StartsWith(prefix, StringComparison.Ordinal) && text.Skip(prefix.Length).All(char.IsAsciiHexDigitLower);

    /// <summary>RFC 2822.</summary>
    public static string? Date(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
