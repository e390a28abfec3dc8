using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Providers.Sms;

/// <summary>
/// Twilio's signature: HMAC-SHA1 over the address that was called, followed by every parameter of the body, name and
/// value joined with nothing between, names in ordinal order. As npm twilio 6.2.0 computes it. Pure.
/// </summary>
public static class TwilioSignature
{
    private const int Bytes = 20;

    /// <summary>What <c>X-Twilio-Signature</c> would be.</summary>
    public static string Of(string authToken, string address, IEnumerable<(string Name, string Value)> parameters) =>
        Convert.ToBase64String(Compute(authToken, address + TextOf(parameters)));

    /// <summary>Whether the header belongs to one of the addresses. Takes the same time wherever it differs.</summary>
    public static bool Fits(
        string authToken, string header, IEnumerable<string> addresses,
        IEnumerable<(string Name, string Value)> parameters)
    {
        var given = new byte[Bytes];
        if (!Convert.TryFromBase64String(header, given, out var length) || length != Bytes)
        {
            return false;
        }

        var text = TextOf(parameters);
        var fits = false;
        foreach (var address in addresses)
        {
            fits |= CryptographicOperations.FixedTimeEquals(Compute(authToken, address + text), given);
        }

        return fits;
    }

    /// <summary>The header's form: base64 of twenty bytes, nothing around it.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? header) =>
        header is { Length: 28 } && !header.Any(char.IsWhiteSpace)
        && Convert.TryFromBase64String(header, new byte[Bytes + 1], out var length) && length == Bytes;

    /// <summary>The hash of a JSON body that the address carries as <c>bodySHA256</c>.</summary>
    public static string HashOf(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    // A parameter that came more than once counts with its different values, in order: so does the Node SDK.
    private static string TextOf(IEnumerable<(string Name, string Value)> parameters)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters.Distinct()
            .OrderBy(field => field.Name, StringComparer.Ordinal)
            .ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            text.Append(name).Append(value);
        }

        return text.ToString();
    }

    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1; there is no other scheme.")]
    private static byte[] Compute(string authToken, string text) =>
        HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(text));
}
