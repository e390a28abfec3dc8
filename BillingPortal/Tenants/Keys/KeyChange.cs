namespace BillingPortal.Tenants.Keys;

/// <summary>What a person asks for: a name by which the key is known, what it may do, and how often in a minute.</summary>
/// <param name="RequestsPerMinute">Null: as often as this installation allows every key.</param>
public sealed record KeyWish(string? Name, ApiScopes Scopes, int? RequestsPerMinute = null);

/// <summary>How long the old key goes on beside the new one.</summary>
public enum KeyOverlap
{
    None = 0,
    Hour = 1,
    Day = 2,
    Week = 3,
}

/// <summary>How a change of keys ended.</summary>
public enum KeyOutcome
{
    Done = 1,
    NameMissing = 2,
    NameTooLong = 3,
    ScopesMissing = 4,

    /// <summary>The tenant would have more working keys than <see cref="ApiKeyService.LiveKeysMax"/>.</summary>
    TooMany = 5,

    /// <summary>The tenant has no such key, it has ended, or (for a rotation) another key took over already.</summary>
    NotThere = 6,

    /// <summary>The person is no owner of the tenant, or no longer.</summary>
    NotAllowed = 7,

    /// <summary>The limit is not from 1 to <see cref="ApiKeyService.RequestsPerMinuteMax"/>.</summary>
    LimitOutOfRange = 8,
}

/// <summary>The outcome, and the new key where there is one: the only moment at which its text is known.</summary>
public sealed record KeyResult(KeyOutcome Outcome, NewApiKey? Key = null);
