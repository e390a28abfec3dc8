using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BillingPortal.Tenants.Tokens;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// Talks to a connection's issuer: where to send people, and what a code stands for. Believes nothing that is not signed by the issuer for
/// this client and this sign-in. Touches no row.
/// </summary>
internal sealed partial class SsoExchange(IssuerClient client, IssuerKeys keys, TokenChecker checker, ILogger<SsoExchange> logger)
{
    private const int TokenLengthMax = 32 * 1024; // hundreds of groups
    private const int JsonDepthMax = 16;

    /// <summary>The address at the issuer where the person signs in.</summary>
    /// <exception cref="IssuerException">The issuer cannot be asked, or does not sign people in.</exception>
    public async Task<string> AddressAsync(
        SsoConnection connection, SsoFlow flow, Uri redirect, CancellationToken cancellationToken)
    {
        var document = await keys.DocumentAsync(new IssuerSource(connection.Issuer), cancellationToken);
        if (document.AuthorizationEndpoint is not { } endpoint || document.TokenEndpoint is null)
        {
            throw new IssuerException(IssuerFault.NoDocument, "The issuer has no addresses for signing in.");
        }

        return QueryHelpers.AddQueryString(endpoint.AbsoluteUri, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["response_mode"] = "query",
            ["client_id"] = connection.ClientId,
            ["redirect_uri"] = redirect.AbsoluteUri,
            ["scope"] = "openid email profile",
            ["state"] = flow.State,
            ["nonce"] = flow.Nonce,
            ["code_challenge"] = flow.Challenge,
            ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>Who has signed in; null when what the issuer sent is not good.</summary>
    /// <param name="connection">Whose issuer.</param>
    /// <param name="secret">The client's, if it has one.</param>
    /// <param name="flow">The sign-in that began here.</param>
    /// <param name="redirect">The address that the code was sent to.</param>
    /// <param name="answer">The issuer's answer in the browser's address.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IssuerException">The issuer cannot be asked.</exception>
    public async Task<SsoPersonClaims?> RedeemAsync(
        SsoConnection connection, string? secret, SsoFlow flow, Uri redirect, SsoAnswer answer, CancellationToken cancellationToken)
    {
        var document = await keys.DocumentAsync(new IssuerSource(connection.Issuer), cancellationToken);
        if (answer.Issuer is null ? document.NamesItselfInAnswers : answer.Issuer != connection.Issuer)
        {
            LogRefused(logger, connection.TenantId, "the answer names another issuer");
            return null;
        }

        if (document.TokenEndpoint is not { } endpoint)
        {
            return null;
        }

        using var request = Request(endpoint, connection, secret, document.WantsSecretInBody, flow, redirect, answer.Code);
        var (status, body) = await client.SendAsync(request, cancellationToken);
        if (status is not HttpStatusCode.OK || TokenBytes.Object(body, JsonDepthMax) is not { } tokens
            || TokenBytes.Text(tokens, "id_token") is not { } idToken)
        {
            LogRefused(logger, connection.TenantId, $"the token endpoint answered {(int)status} without an identity token");
            return null;
        }

        var demand = new TokenDemand(new IssuerSource(connection.Issuer), connection.ClientId)
        {
            IsIdentity = true,
            LengthMax = TokenLengthMax,
        };
        var verdict = await checker.CheckAsync(idToken, demand, cancellationToken);
        if (verdict.Token is not { } token || !IsForUs(token.Claims, connection.ClientId, flow.Nonce))
        {
            LogRefused(logger, connection.TenantId, verdict.Fault?.ToString() ?? "another nonce or authorized party");
            return null;
        }

        var info = TokenBytes.Text(token.Claims, "email") is null && document.UserInfoEndpoint is { } place
            && TokenBytes.Text(tokens, "access_token") is { } access
            ? await InfoAsync(place, access, token.Subject, cancellationToken)
            : null;
        return SsoPersonClaims.Of(token.Subject, token.Claims, info, connection.RoleClaim);
    }

    // OpenID Connect Core, 3.1.3.7: the nonce is ours, and a token for several audiences was made at our request.
    private static bool IsForUs(JsonElement claims, string clientId, string nonce)
    {
        var (audiences, party) = (TokenBytes.Texts(claims, "aud")!, TokenBytes.Text(claims, "azp"));
        return TokenBytes.Text(claims, "nonce") == nonce
            && (claims.TryGetProperty("azp", out _) || audiences.Count > 1 ? party == clientId : true);
    }

    private static HttpRequestMessage Request(
        Uri endpoint, SsoConnection connection, string? secret, bool inBody, SsoFlow flow, Uri redirect, string code)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirect.AbsoluteUri,
            ["code_verifier"] = flow.Verifier,
        };
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        if (secret is not null && !inBody)
        {
            var pair = $"{WebUtility.UrlEncode(connection.ClientId)}:{WebUtility.UrlEncode(secret)}"; // RFC 6749, 2.3.1
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }
        else
        {
            form["client_id"] = connection.ClientId;
            if (secret is not null)
            {
                form["client_secret"] = secret;
            }
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private async Task<JsonElement?> InfoAsync(Uri place, string access, string subject, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, place);
        request.Headers.Authorization = AuthenticationHeaderValue.TryParse($"Bearer {access}", out var header) ? header : null;
        var (status, body) = await client.SendAsync(request, cancellationToken);
        return status is HttpStatusCode.OK && TokenBytes.Object(body, JsonDepthMax) is { } info && TokenBytes.Text(info, "sub") == subject
            ? info
            : null;
    }

    [LoggerMessage(LogLevel.Information, "Single sign-on of tenant {TenantId} is refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, Guid tenantId, string reason);
}

/// <summary>What the issuer put into the browser's address.</summary>
internal sealed record SsoAnswer(string Code, string? Issuer);
