namespace BillingPortal.Tenants;

/// <summary>What a caller with an API key may do; several may be joined.</summary>
[Flags]
public enum ApiScopes
{
    None = 0,

    /// <summary>Balances, transactions, settings.</summary>
    Read = 1,

    /// <summary>Record usage and hold credits.</summary>
    Usage = 2,

    /// <summary>Buy, charge saved cards, change auto-recharge.</summary>
    Billing = 4,

    All = Read | Usage | Billing,
}

/// <summary>A program's credential for one tenant. The key itself is shown once and never stored.</summary>
public sealed class ApiKey
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required string Name { get; set; }

    /// <summary>The first characters of the key, by which people recognise it.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key; the key is random, so a slow hash would add nothing.</summary>
    public required byte[] KeySha256 { get; init; }

    public required ApiScopes Scopes { get; init; }

    /// <summary>How many requests it may send in a minute; null: as many as this installation allows every key.</summary>
    public int? RequestsPerMinute { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it, by the name at that time; null for keys that nobody's session made.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The key that this one was made to take over from.</summary>
    public Guid? ReplacesId { get; init; }

    /// <summary>Set when another key took over: from then on it is nobody's.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Written at most once a minute, behind the request.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
