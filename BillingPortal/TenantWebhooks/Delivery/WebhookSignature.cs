using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>
/// Signatures after Standard Webhooks: <c>v1,</c> and the base64 of HMAC-SHA256 over <c>id.timestamp.body</c>. Pure.
/// </summary>
public static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    /// <summary>A new secret's text: the prefix and 32 random bytes in base64.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The header <c>webhook-signature</c>: one signature for each secret.</summary>
    public static string Header(string id, DateTimeOffset at, string body, params ReadOnlySpan<string> secrets)
    {
        var signed = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"));
        var header = new StringBuilder();
        foreach (var secret in secrets)
        {
            var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
            header.Append(header.Length == 0 ? "" : " ")
                .Append("v1,").Append(Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        }

        return header.ToString();
    }
}
