using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace BillingPortal.Tenants.Tokens;

/// <summary>Strict reading of what strangers send: one spelling of every value, no second meaning. Pure; never throws.</summary>
internal static class TokenBytes
{
    /// <summary>Base64url without padding, whitespace or bits to spare; null for anything else (RFC 7515, section 2).</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        foreach (var sign in text)
        {
            if (!char.IsAsciiLetterOrDigit(sign) && sign is not ('-' or '_'))
            {
                return null;
            }
        }

        if (text.IsEmpty || text.Length % 4 == 1)
        {
            return null;
        }

        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
        }
        catch (FormatException)
        {
            return null; // bits to spare
        }
    }

    /// <summary>A JSON object in UTF-8, each member once, not deeper than <paramref name="depthMax"/>; null for anything else.</summary>
    public static JsonElement? Object(byte[] utf8, int depthMax)
    {
        if (!Utf8.IsValid(utf8))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(
                utf8, new JsonDocumentOptions { MaxDepth = depthMax, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The member's text; null when it is missing or no text.</summary>
    public static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    /// <summary>One text, or a list of texts; null when it is missing or anything else.</summary>
    public static IReadOnlyList<string>? Texts(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String)
        {
            return Text(element, name) is { } one ? [one] : null;
        }

        if (value.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        try
        {
            var texts = value.EnumerateArray().Select(item => item.GetString()).ToList();
            return texts.Contains(null) ? null : [.. texts.OfType<string>()];
        }
        catch (InvalidOperationException)
        {
            return null; // something else among them
        }
    }

    /// <summary>Seconds since 1970 as RFC 7519 has them, fractions cut off; null when missing, no number or out of reason.</summary>
    public static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is >= 0 and < 253_402_300_800 // the year 10000
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
}
