namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// A tenant's single sign-on: the issuer that knows its people. It signs people in to this tenant and to nothing else. While the row
/// exists it works.
/// </summary>
public sealed class SsoConnection
{
    public required Guid TenantId { get; init; }

    /// <summary>Exactly as the issuer calls itself.</summary>
    public required string Issuer { get; set; }

    public required string ClientId { get; set; }

    /// <summary>Encrypted by data protection; null for an issuer that asks for none.</summary>
    public string? ClientSecretProtected { get; set; }

    /// <summary>Which claim says what somebody may do; null: roles are set on the team page alone.</summary>
    public string? RoleClaim { get; set; }

    /// <summary>A line each, <c>value=role</c>; the first that fits counts.</summary>
    public string RoleRules { get; set; } = "";

    /// <summary>Of who comes new, and of whom no rule fits. Never owner.</summary>
    public MemberRole DefaultRole { get; set; } = MemberRole.Viewer;

    /// <summary>Who has an address of a confirmed domain becomes a member by signing in.</summary>
    public bool LetsPeopleJoin { get; set; }

    /// <summary>A password opens this tenant to its owners only.</summary>
    public bool IsRequired { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>
/// A domain of addresses that a tenant calls its own. Anybody may say so; it counts against others only once a support lead has confirmed
/// it. Holds at every commit: a domain is confirmed for one tenant at most.
/// </summary>
public sealed class SsoDomain
{
    public required Guid TenantId { get; init; }

    /// <summary>In lower case, as it stands after the @.</summary>
    public required string Domain { get; init; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>The lead's name at that time.</summary>
    public string? ConfirmedBy { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who an issuer's subject is here, for one tenant: two tenants with one issuer do not share people.</summary>
public sealed class SsoIdentity
{
    public required Guid TenantId { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required Guid UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSignInAt { get; set; }
}

/// <summary>The state of a sign-in that has come back: it opens nothing a second time.</summary>
internal sealed class SsoUsedState
{
    public required byte[] StateSha256 { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}
