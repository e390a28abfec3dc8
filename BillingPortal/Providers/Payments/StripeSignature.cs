using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Payments;

/// <summary>What a webhook's signature says.</summary>
public enum SignatureOutcome
{
    Valid,

    /// <summary>No header, or one that cannot be read.</summary>
    Malformed,

    /// <summary>No secret of ours made it.</summary>
    Forged,

    /// <summary>Ours, but signed more than five minutes ago or ahead: recorded and sent again by somebody.</summary>
    Stale,

    /// <summary>Ours, but of test cards where real ones are charged, or the other way round.</summary>
    OtherMode,

    /// <summary>Ours, but not an event.</summary>
    Unreadable,
}

/// <summary>
/// Checks Stripe's webhooks: every <c>v1</c> against every secret (two of each while a secret is rolled), in constant
/// time, over the raw bytes. Nothing of a body is believed before.
/// </summary>
public sealed class StripeSignature(IOptions<StripeOptions> options, TimeProvider time)
{
    private const int HeaderLengthMax = 4096;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300); // Stripe's own SDKs

    /// <summary>The event where the outcome is <see cref="SignatureOutcome.Valid"/>, else null.</summary>
    public (SignatureOutcome Outcome, ProviderEvent? Event) Read(string? header, byte[] body)
    {
        if (header is not { Length: > 0 and <= HeaderLengthMax } || Parse(header) is not var (signedAt, signatures))
        {
            return (SignatureOutcome.Malformed, null);
        }

        if (!IsOurs(signedAt, signatures, body))
        {
            return (SignatureOutcome.Forged, null);
        }

        var age = time.GetUtcNow().ToUnixTimeSeconds() - (decimal)signedAt;
        if (Math.Abs(age) > (decimal)Tolerance.TotalSeconds)
        {
            return (SignatureOutcome.Stale, null);
        }

        var read = ReadEvent(body);
        return read is null ? (SignatureOutcome.Unreadable, null)
            : read.LiveMode != options.Value.LiveMode ? (SignatureOutcome.OtherMode, null)
            : (SignatureOutcome.Valid, read);
    }

    // The key is the secret as it stands, prefix included. Every pair is compared, whatever came before.
    private bool IsOurs(long signedAt, List<byte[]> signatures, byte[] body)
    {
        byte[] prefix = [.. Encoding.ASCII.GetBytes(signedAt.ToString(CultureInfo.InvariantCulture)), (byte)'.'];
        byte[] signed = [.. prefix, .. body];
        var isOurs = false;
        foreach (var secret in options.Value.WebhookSecrets)
        {
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            foreach (var signature in signatures)
            {
                isOurs |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return isOurs;
    }

    // t=1492774577,v1=5257a8...,v1=...,v0=...; other schemes are passed over.
    private static (long SignedAt, List<byte[]> Signatures)? Parse(string header)
    {
        long? signedAt = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var (name, value) = part.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim()) : ("", "");
            if (name == "t" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                signedAt = seconds;
            }
            else if (name == "v1" && value.Length == 64 && value.All(char.IsAsciiHexDigitLower))
            {
                signatures.Add(Convert.FromHexString(value));
            }
        }

        return signedAt is { } known && signatures.Count > 0 ? (known, signatures) : null;
    }

    private static ProviderEvent? ReadEvent(byte[] body)
    {
        try
        {
            return StripeMapping.ToEvent(JsonElement.Parse(body));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
