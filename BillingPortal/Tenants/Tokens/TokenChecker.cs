using System.Text;
using System.Text.Json;

namespace BillingPortal.Tenants.Tokens;

/// <summary>
/// Checks signed tokens (RFC 7515, 7519, 8725). What a token claims is looked at only after its signature has been found good, and the
/// signature only by a key of the issuer that was demanded: nothing in the token chooses key, algorithm or address.
/// </summary>
internal sealed class TokenChecker(IssuerKeys keys, TimeProvider clock)
{
    /// <summary>Of tokens in a header, which servers limit to about as much.</summary>
    public const int LengthMax = 8 * 1024;

    private const int HeaderDepthMax = 4;
    private const int ClaimsDepthMax = 16;
    private const int NameMax = 255; // OpenID Connect Core, section 2: sub
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly string[] Refused = ["crit", "b64", "zip", "enc"];

    public async Task<TokenVerdict> CheckAsync(string text, TokenDemand demand, CancellationToken cancellationToken)
    {
        if (text.Length > demand.LengthMax || text.Split('.') is not [var head, var body, var tail]
            || TokenBytes.Decode(head) is not { } header || TokenBytes.Decode(body) is not { } claims
            || TokenBytes.Decode(tail) is not { } signature || TokenBytes.Object(header, HeaderDepthMax) is not { } says)
        {
            return TokenFault.Malformed;
        }

        if (AlgorithmOf(says) is not { } algorithm || !IsAccepted(says, demand.IsIdentity))
        {
            return TokenFault.NotAccepted;
        }

        var keyId = TokenBytes.Text(says, "kid");
        if (keyId is null ? says.TryGetProperty("kid", out _) : keyId.Length > NameMax)
        {
            return TokenFault.Malformed;
        }

        var found = await keys.FindAsync(demand.Source, keyId, algorithm, cancellationToken);
        if (found.Count == 0)
        {
            return TokenFault.UnknownKey;
        }

        var signed = Encoding.ASCII.GetBytes(text, 0, head.Length + 1 + body.Length);
        return !found.Any(key => key.Signed(signed, signature)) ? TokenFault.WrongSignature
            : TokenBytes.Object(claims, ClaimsDepthMax) is not { } content ? TokenFault.Malformed
            : Judge(content, demand);
    }

    private static TokenAlgorithm? AlgorithmOf(JsonElement header) => TokenBytes.Text(header, "alg") switch
    {
        nameof(TokenAlgorithm.RS256) => TokenAlgorithm.RS256,
        nameof(TokenAlgorithm.ES256) => TokenAlgorithm.ES256,
        _ => null,
    };

    private static bool IsAccepted(JsonElement header, bool isIdentity)
    {
        if (Array.Exists(Refused, name => header.TryGetProperty(name, out _)))
        {
            return false;
        }

        if (!header.TryGetProperty("typ", out _))
        {
            return true;
        }

        return TokenBytes.Text(header, "typ")?.ToUpperInvariant() switch
        {
            "JWT" => true,
            "AT+JWT" or "APPLICATION/AT+JWT" => !isIdentity,
            _ => false,
        };
    }

    private TokenVerdict Judge(JsonElement claims, TokenDemand demand)
    {
        var (issuer, subject) = (TokenBytes.Text(claims, "iss"), TokenBytes.Text(claims, "sub"));
        if (!string.Equals(issuer, demand.Source.Issuer, StringComparison.Ordinal))
        {
            return TokenFault.WrongIssuer;
        }

        if (TokenBytes.Texts(claims, "aud")?.Contains(demand.Audience, StringComparer.Ordinal) is not true)
        {
            return TokenFault.WrongAudience;
        }

        if (string.IsNullOrEmpty(subject) || subject.Length > NameMax || subject.Any(char.IsControl))
        {
            return TokenFault.MissingClaim;
        }

        return JudgeTimes(claims, demand.IsIdentity) is { } fault ? fault : new TokenVerdict(new(issuer!, subject, claims), null);
    }

    private TokenFault? JudgeTimes(JsonElement claims, bool isIdentity)
    {
        var now = clock.GetUtcNow();
        if (TokenBytes.Time(claims, "exp") is not { } ends)
        {
            return TokenFault.MissingClaim;
        }

        if (now - ends >= Skew)
        {
            return TokenFault.Expired;
        }

        foreach (var (name, isNeeded) in new[] { ("nbf", false), ("iat", isIdentity) })
        {
            if (TokenBytes.Time(claims, name) is { } begins)
            {
                if (begins - now > Skew)
                {
                    return TokenFault.NotYet;
                }
            }
            else if (isNeeded || claims.TryGetProperty(name, out _))
            {
                return TokenFault.MissingClaim;
            }
        }

        return null;
    }
}
