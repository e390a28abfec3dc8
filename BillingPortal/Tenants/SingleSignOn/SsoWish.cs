namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>What an owner wants the connection to be. Never prints the secret.</summary>
public sealed record SsoWish
{
    public string Issuer { get; set; } = "";

    public string ClientId { get; set; } = "";

    /// <summary>Empty: the one that is stored stays.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>A line each.</summary>
    public string Domains { get; set; } = "";

    public bool LetsPeopleJoin { get; set; }

    public bool IsRequired { get; set; }

    public MemberRole DefaultRole { get; set; } = MemberRole.Viewer;

    public string RoleClaim { get; set; } = "";

    /// <summary>A line each, <c>value = role</c>.</summary>
    public string RoleRules { get; set; } = "";

    public static SsoWish Of(SsoBoard board) => board.Connection is not { } row ? new SsoWish() : new SsoWish
    {
        Issuer = row.Issuer,
        ClientId = row.ClientId,
        Domains = string.Join('\n', board.Domains.Select(domain => domain.Domain)),
        LetsPeopleJoin = row.LetsPeopleJoin,
        IsRequired = row.IsRequired,
        DefaultRole = row.DefaultRole,
        RoleClaim = row.RoleClaim ?? "",
        RoleRules = row.RoleRules,
    };

    public override string ToString() => $"Single sign-on with {Issuer}";
}

/// <summary>What is wrong with a wish, by field; empty when nothing is.</summary>
public sealed record SsoFaults
{
    public string? Issuer { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    public string? Domains { get; set; }

    public string? RoleClaim { get; set; }

    public string? RoleRules { get; set; }

    public bool IsEmpty => this == new SsoFaults();
}

/// <summary>What came of a change.</summary>
public enum SsoOutcome
{
    Done = 1,

    /// <summary>Something in the form is wrong; the faults say what.</summary>
    Faulty = 2,

    /// <summary>The person is no owner (for domains: no lead), or no longer.</summary>
    NotAllowed = 3,

    /// <summary>It is not there any more.</summary>
    NotThere = 4,

    /// <summary>The domain is confirmed for another tenant.</summary>
    TakenByAnother = 5,
}

/// <summary>The outcome, and what is wrong where something is.</summary>
public sealed record SsoResult(SsoOutcome Outcome, SsoFaults? Faults = null);
