namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Judges an owner's wish, field by field, in words. Pure.</summary>
internal static class SsoWishPolicy
{
    public const int DomainsMax = 20;
    private const int ClientMax = 300;
    private const int SecretMax = 1000;
    private const int ClaimMax = 100;

    /// <param name="wish">What is wanted.</param>
    /// <param name="stored">What there is, null at first.</param>
    /// <param name="mayBePrivate">Whether issuers on this machine, without https, may be named.</param>
    public static SsoFaults Judge(SsoWish wish, SsoConnection? stored, bool mayBePrivate) => new()
    {
        Issuer = OfIssuer(wish.Issuer.Trim(), mayBePrivate),
        ClientId = wish.ClientId.Trim() is { Length: > 0 and <= ClientMax } id && !id.Any(char.IsControl)
            ? null : "Enter the client id that the issuer gave to this portal.",
        ClientSecret = OfSecret(wish, stored),
        Domains = OfDomains(wish),
        RoleClaim = wish.RoleClaim.Trim().Length > ClaimMax ? $"A claim's name has at most {ClaimMax} characters."
            : wish.RoleClaim.Trim().Length == 0 && wish.RoleRules.Trim().Length > 0 ? "Name the claim that the rules read." : null,
        RoleRules = RoleRule.Parse(wish.RoleRules).Fault is { } line
            ? $"Write each rule as: value = Billing admin, or value = Viewer. This one is not: {line}" : null,
    };

    public static IReadOnlyList<string> DomainsOf(SsoWish wish) =>
        [.. Words(wish).Select(EmailDomain.Of).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? OfIssuer(string issuer, bool mayBePrivate)
    {
        if (issuer.Length is 0 or > SsoConnectionMap.IssuerMax || !Uri.TryCreate(issuer, UriKind.Absolute, out var address))
        {
            return "Enter the issuer's address, as it stands in its documentation: https://login.example.com.";
        }

        var isSecure = address.Scheme == Uri.UriSchemeHttps || (mayBePrivate && address.Scheme == Uri.UriSchemeHttp);
        return !isSecure ? "The issuer's address begins with https://."
            : address.UserInfo.Length > 0 || issuer.AsSpan().ContainsAny('?', '#')
                ? "The issuer's address has no sign-in, question mark or # in it."
            : issuer.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal)
                ? "Enter the issuer without /.well-known/openid-configuration."
            : null;
    }

    // A stored secret goes to the issuer that it was entered for and to no other.
    private static string? OfSecret(SsoWish wish, SsoConnection? stored) =>
        wish.ClientSecret.Length > SecretMax ? $"A client secret has at most {SecretMax} characters here."
            : stored?.ClientSecretProtected is not null && wish.ClientSecret.Length == 0 && stored.Issuer != wish.Issuer.Trim()
                ? "The issuer is another one: enter the secret that belongs to it."
            : null;

    private static string? OfDomains(SsoWish wish)
    {
        var words = Words(wish);
        return words.Length == 0 ? "Enter at least one domain of your people's email addresses."
            : words.Length > DomainsMax ? $"At most {DomainsMax} domains."
            : words.FirstOrDefault(word => EmailDomain.Of(word) is null) is { } odd
                ? $"This is no domain: {odd[..Math.Min(60, odd.Length)]}"
            : words.FirstOrDefault(word => EmailDomain.IsPublic(EmailDomain.Of(word)!)) is { } open
                ? $"{open} gives addresses to everybody, so it cannot be yours."
            : null;
    }

    private static string[] Words(SsoWish wish) =>
        wish.Domains.Split(['\n', '\r', ' ', ',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
