using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Email;

/// <summary>What the signature of one of Resend's webhooks says.</summary>
public enum SvixOutcome
{
    Valid,

    /// <summary>A header is missing or cannot be read.</summary>
    Malformed,

    /// <summary>No secret of ours made it.</summary>
    Forged,

    /// <summary>Ours, but signed more than five minutes ago or ahead: recorded and sent again by somebody.</summary>
    Stale,

    /// <summary>Ours, but not an event.</summary>
    Unreadable,
}

/// <summary>The three headers that come with every call.</summary>
public sealed record SvixHeaders(string? Id, string? Timestamp, string? Signature);

/// <summary>
/// Checks Resend's webhooks, which Svix signs: every <c>v1</c> against every secret (two of each while a secret is
/// rolled), in constant time, over id, time and the raw bytes. Nothing of a body is believed before.
/// </summary>
public sealed class ResendSignature(IOptions<ResendOptions> options, TimeProvider time)
{
    private const int IdLengthMax = 200;
    private const int HeaderLengthMax = 4096;
    private const string Version = "v1,";
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300); // Svix's own libraries
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The event and its text where the outcome is <see cref="SvixOutcome.Valid"/>, else null.</summary>
    public (SvixOutcome Outcome, ResendEvent? Event, string? Body) Read(SvixHeaders headers, byte[] body)
    {
        if (Parse(headers) is not var (id, signedAt, signatures))
        {
            return (SvixOutcome.Malformed, null, null);
        }

        if (!IsOurs($"{id}.{signedAt.ToString(CultureInfo.InvariantCulture)}.", signatures, body))
        {
            return (SvixOutcome.Forged, null, null);
        }

        var age = time.GetUtcNow().ToUnixTimeSeconds() - (decimal)signedAt;
        if (Math.Abs(age) > (decimal)Tolerance.TotalSeconds)
        {
            return (SvixOutcome.Stale, null, null);
        }

        return TextOf(body) is { } text && ResendEvent.Parse(text) is { } read
            ? (SvixOutcome.Valid, read, text)
            : (SvixOutcome.Unreadable, null, null);
    }

    /// <summary>What stands behind <c>whsec_</c>, base64-decoded; null when it is not a secret.</summary>
    internal static byte[]? KeyOf(string secret)
    {
        var text = secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret["whsec_".Length..] : "";
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length > 0 ? key[..length] : null;
    }

    // Every pair is compared, whatever came before.
    private bool IsOurs(string prefix, List<byte[]> signatures, byte[] body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(prefix), .. body];
        var isOurs = false;
        foreach (var secret in options.Value.WebhookSecrets)
        {
            var expected = HMACSHA256.HashData(KeyOf(secret)!, signed); // the start has checked that it is one
            foreach (var signature in signatures)
            {
                isOurs |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return isOurs;
    }

    // svix-signature: "v1,<base64> v1,<base64> v1a,…"; other versions are passed over.
    private static (string Id, long SignedAt, List<byte[]> Signatures)? Parse(SvixHeaders headers)
    {
        if (headers.Id is not { Length: > 0 and <= IdLengthMax } id || !id.All(IsIdLetter)
            || !long.TryParse(headers.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)
            || signedAt.ToString(CultureInfo.InvariantCulture) != headers.Timestamp
            || headers.Signature is not { Length: > 0 and <= HeaderLengthMax } header)
        {
            return null;
        }

        var signatures = new List<byte[]>();
        foreach (var part in header.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var signature = new byte[HMACSHA256.HashSizeInBytes];
            if (part.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64String(part[Version.Length..], signature, out var length)
                && length == signature.Length)
            {
                signatures.Add(signature);
            }
        }

        return signatures.Count > 0 ? (id, signedAt, signatures) : null;
    }

    private static bool IsIdLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';

    private static string? TextOf(byte[] body)
    {
        try
        {
            return Utf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
