namespace BillingPortal.Tenants.Team;

/// <summary>What a link is good for.</summary>
public enum LinkState
{
    /// <summary>No link of ours.</summary>
    Unknown = 0,

    Open = 1,
    Expired = 2,
    Used = 3,
    Withdrawn = 4,

    /// <summary>A later mail of the same invitation was asked for.</summary>
    Replaced = 5,
}

/// <summary>What the holder of a link may see; empty but for the state where it is not ours.</summary>
public sealed record InvitationSeen(
    LinkState State, string TenantName, string Email, MemberRole Role, string InvitedBy, DateTimeOffset ExpiresAt)
{
    public static InvitationSeen Unknown { get; } = new(LinkState.Unknown, "", "", MemberRole.Viewer, "", DateTimeOffset.MinValue);
}

/// <summary>How accepting ended.</summary>
public enum AcceptOutcome
{
    Done = 1,

    /// <summary>The link is not open (any more); reading it again says why.</summary>
    LinkOver = 2,

    NameWrong = 3,
    PasswordWrong = 4,

    /// <summary>The address signs in here already.</summary>
    HasSignIn = 5,

    /// <summary>The person who is signed in has another address than the invited one.</summary>
    ForeignAddress = 6,

    /// <summary>The platform's own people belong to no tenant.</summary>
    IsStaff = 7,
}

/// <summary>The outcome, and who is in now.</summary>
public sealed record Accepted(AcceptOutcome Outcome, User? User = null, Guid? TenantId = null, string? Problem = null);
