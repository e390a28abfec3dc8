namespace BillingPortal.Tenants;

/// <summary>What a person may do for a tenant.</summary>
public enum MemberRole
{
    /// <summary>Everything, the team and the API keys included.</summary>
    Owner = 1,

    /// <summary>Pays, and manages cards and auto-recharge.</summary>
    BillingAdmin = 2,

    /// <summary>Looks, and changes nothing.</summary>
    Viewer = 3,
}

/// <summary>The spelling of <see cref="MemberRole"/> in the database and in sessions.</summary>
public static class MemberRoles
{
    public static string ToCode(this MemberRole role) => role switch
    {
        MemberRole.Owner => "owner",
        MemberRole.BillingAdmin => "billing_admin",
        MemberRole.Viewer => "viewer",
    };

    public static string ToText(this MemberRole role) => role switch
    {
        MemberRole.Owner => "Owner",
        MemberRole.BillingAdmin => "Billing admin",
        MemberRole.Viewer => "Viewer",
    };

    /// <summary>Null for anything that is not a role's code.</summary>
    public static MemberRole? Parse(string? code) => code switch
    {
        "owner" => MemberRole.Owner,
        "billing_admin" => MemberRole.BillingAdmin,
        "viewer" => MemberRole.Viewer,
        _ => null,
    };
}

/// <summary>One person's role with one tenant.</summary>
public sealed class Member
{
    public required Guid TenantId { get; init; }

    public required Guid UserId { get; init; }

    public required MemberRole Role { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
