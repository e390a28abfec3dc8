namespace BillingPortal.Tenants.Team;

/// <summary>Where an invitation stands at a moment.</summary>
public enum InvitationState
{
    /// <summary>The link works.</summary>
    Open = 1,

    /// <summary>Its time is over; it can be sent again.</summary>
    Expired = 2,

    /// <summary>Somebody came in by it.</summary>
    Accepted = 3,

    /// <summary>An owner took it back.</summary>
    Withdrawn = 4,
}

/// <summary>
/// An owner's offer to one address to belong to the tenant. Holds at every commit: it ends once, accepted or withdrawn; an address has
/// at most one that has not ended.
/// </summary>
public sealed class Invitation
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required string Email { get; init; }

    /// <summary>As addresses are compared.</summary>
    public required string NormalizedEmail { get; init; }

    public required MemberRole Role { get; init; }

    /// <summary>The owner's name at that time.</summary>
    public required string InvitedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>How often its mail was asked for; only links of the latest mail work.</summary>
    public required int Mails { get; set; }

    public required DateTimeOffset MailedAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }

    public Guid? AcceptedBy { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public InvitationState StateAt(DateTimeOffset now) => this switch
    {
        { WithdrawnAt: not null } => InvitationState.Withdrawn,
        { AcceptedAt: not null } => InvitationState.Accepted,
        _ when ExpiresAt <= now => InvitationState.Expired,
        _ => InvitationState.Open,
    };
}

/// <summary>
/// The fingerprint of a link that was mailed. The link itself is made while the mail is sent, stands in the mail and nowhere else.
/// </summary>
public sealed class InvitationToken
{
    /// <summary>SHA-256; the link is random, so a slow hash would add nothing.</summary>
    public required byte[] Sha256 { get; init; }

    public required Guid InvitationId { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>Of which mail: <see cref="Invitation.Mails"/> at that time.</summary>
    public required int Mail { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
