using System.Text.Json;

namespace BillingPortal.Tenants.Tokens;

/// <summary>What a token has to be.</summary>
/// <param name="Source">Who must have signed it.</param>
/// <param name="Audience">For whom it must be made, exactly.</param>
internal sealed record TokenDemand(IssuerSource Source, string Audience)
{
    /// <summary>True for identity tokens: they say when they were made, and an access token is none (RFC 9068, section 4).</summary>
    public bool IsIdentity { get; init; }

    /// <summary>Longer ones are not looked at.</summary>
    public int LengthMax { get; init; } = TokenChecker.LengthMax;
}

/// <summary>Why a token is not good. For the operator's log; a caller is never told.</summary>
internal enum TokenFault
{
    /// <summary>No token at all: length, spelling, JSON.</summary>
    Malformed = 1,

    /// <summary>Its kind of signature or an extension that is not understood here.</summary>
    NotAccepted = 2,

    /// <summary>Signed by a key that the issuer does not publish, or does not publish now.</summary>
    UnknownKey = 3,

    /// <summary>The signature is not the key's.</summary>
    WrongSignature = 4,

    /// <summary>Of another issuer.</summary>
    WrongIssuer = 5,

    /// <summary>For somebody else.</summary>
    WrongAudience = 6,

    /// <summary>A claim that must be there is missing or of the wrong kind.</summary>
    MissingClaim = 7,

    /// <summary>Over.</summary>
    Expired = 8,

    /// <summary>Made, or good, in the future.</summary>
    NotYet = 9,
}

/// <summary>A token that is what was demanded: who it speaks of and everything it says.</summary>
internal sealed record CheckedToken(string Issuer, string Subject, JsonElement Claims);

/// <summary>Either the token, or why it is none.</summary>
internal readonly record struct TokenVerdict(CheckedToken? Token, TokenFault? Fault)
{
    public static implicit operator TokenVerdict(TokenFault fault) => new(null, fault);
}
