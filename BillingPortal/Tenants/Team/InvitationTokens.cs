using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Tenants.Team;

/// <summary>Makes the secret part of an invitation's link and its fingerprint. Pure but for the random numbers.</summary>
internal static class InvitationTokens
{
    private const int RandomBytes = 32;

    /// <summary>Of 32 bytes, 43 characters.</summary>
    public static string NewText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>False for what cannot be one of ours.</summary>
    public static bool IsPlausible(string? text) =>
        text is { Length: 43 } && text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_');
}
