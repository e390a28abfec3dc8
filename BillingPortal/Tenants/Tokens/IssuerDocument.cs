using System.Text.Json;

namespace BillingPortal.Tenants.Tokens;

/// <summary>What an issuer says of itself at <c>/.well-known/openid-configuration</c>, as far as it is used here.</summary>
internal sealed record IssuerDocument(string Issuer, Uri JwksUri)
{
    public const string WellKnown = "/.well-known/openid-configuration";

    /// <summary>Where people sign in; null when the issuer only signs tokens.</summary>
    public Uri? AuthorizationEndpoint { get; init; }

    /// <summary>Where a code becomes tokens.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>Where the rest of a person's claims is.</summary>
    public Uri? UserInfoEndpoint { get; init; }

    /// <summary>True when the client's secret has to be in the body because the header is not among what the issuer takes.</summary>
    public bool WantsSecretInBody { get; init; }

    /// <summary>True when its answers name it (RFC 9207).</summary>
    public bool NamesItselfInAnswers { get; init; }

    /// <summary>Whether it takes PKCE with S256; null when it does not say.</summary>
    public bool? KnowsS256 { get; init; }

    /// <summary>Whether it knows the scope email; null when it does not say.</summary>
    public bool? KnowsEmail { get; init; }

    /// <summary>Where to ask an issuer for its document.</summary>
    public static Uri? AddressOf(string issuer) =>
        Uri.TryCreate(issuer.TrimEnd('/') + WellKnown, UriKind.Absolute, out var address) ? address : null;

    /// <exception cref="IssuerException">It is no such document, or another issuer's.</exception>
    public static IssuerDocument Parse(string issuer, byte[] utf8, Func<Uri, bool> mayUse)
    {
        var document = TokenBytes.Object(utf8, depthMax: 16)
            ?? throw new IssuerException(IssuerFault.NoDocument, "The answer is no JSON object.");
        var said = TokenBytes.Text(document, "issuer");
        if (!string.Equals(said, issuer, StringComparison.Ordinal))
        {
            throw new IssuerException(
                IssuerFault.AnotherIssuer, $"The document is that of the issuer '{Shown(said)}', which is not exactly '{issuer}'.");
        }

        var methods = TokenBytes.Texts(document, "token_endpoint_auth_methods_supported");
        return new IssuerDocument(issuer, Address("jwks_uri")
            ?? throw new IssuerException(IssuerFault.NoDocument, "The document has no jwks_uri."))
        {
            AuthorizationEndpoint = Address("authorization_endpoint"),
            TokenEndpoint = Address("token_endpoint"),
            UserInfoEndpoint = Address("userinfo_endpoint"),
            WantsSecretInBody = methods?.Contains("client_secret_basic") is false && methods.Contains("client_secret_post"),
            KnowsS256 = TokenBytes.Texts(document, "code_challenge_methods_supported")?.Contains("S256"),
            KnowsEmail = TokenBytes.Texts(document, "scopes_supported")?.Contains("email"),
            NamesItselfInAnswers = document.TryGetProperty("authorization_response_iss_parameter_supported", out var names)
                && names.ValueKind is JsonValueKind.True,
        };

        Uri? Address(string name)
        {
            if (TokenBytes.Text(document, name) is not { } text)
            {
                return null;
            }

            return Uri.TryCreate(text, UriKind.Absolute, out var address) && mayUse(address)
                ? address
                : throw new IssuerException(IssuerFault.BadAddress, $"The document's {name} is no https address.");
        }
    }

    private static string Shown(string? text) => text is null ? "" : text.Length <= 200 ? text : text[..200] + "…";
}
