using System.Text.Json;
using BillingPortal.Tenants.Tokens;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>What an issuer says of somebody who has signed in there.</summary>
/// <param name="Subject">Its own name for the person, which never changes.</param>
/// <param name="Email">The address; null when it names none.</param>
/// <param name="IsVerified">Whether it vouches for the address.</param>
/// <param name="Name">What to call the person.</param>
/// <param name="Roles">The values of the claim that the connection reads; null when it reads none.</param>
internal sealed record SsoPersonClaims(string Subject, string? Email, bool IsVerified, string? Name, IReadOnlyList<string>? Roles)
{
    private const int NameMax = 200;

    public static SsoPersonClaims Of(string subject, JsonElement token, JsonElement? info, string? roleClaim)
    {
        // The two halves of an address's claim belong together: one place says both.
        var place = TokenBytes.Text(token, "email") is null && info is { } more ? more : token;
        var name = TokenBytes.Text(token, "name") ?? (info is { } rest ? TokenBytes.Text(rest, "name") : null);
        var roles = roleClaim is null ? null
            : TokenBytes.Texts(token, roleClaim) ?? (info is { } other ? TokenBytes.Texts(other, roleClaim) : null) ?? [];
        return new(subject, TokenBytes.Text(place, "email")?.Trim(), IsTrue(place, "email_verified"), Clean(name), roles);
    }

    private static bool IsTrue(JsonElement claims, string name) => claims.TryGetProperty(name, out var value)
        && (value.ValueKind is JsonValueKind.True || TokenBytes.Text(claims, name) is "true");

    private static string? Clean(string? name)
    {
        var plain = new string([.. (name ?? "").Where(sign => !char.IsControl(sign))]).Trim();
        return plain.Length == 0 ? null : plain[..Math.Min(NameMax, plain.Length)];
    }
}
