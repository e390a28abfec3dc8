namespace BillingPortal.Tenants;

/// <summary>What one of the platform's own people may do.</summary>
public enum StaffRole
{
    /// <summary>Answers tenants' questions.</summary>
    Agent = 1,

    /// <summary>An agent who also approves and configures.</summary>
    Lead = 2,
}

/// <summary>The spelling of <see cref="StaffRole"/> in the database and in sessions.</summary>
public static class StaffRoles
{
    public static string ToCode(this StaffRole role) => role switch
    {
        StaffRole.Agent => "agent",
        StaffRole.Lead => "lead",
    };

    public static string ToText(this StaffRole role) => role switch
    {
        StaffRole.Agent => "Support agent",
        StaffRole.Lead => "Support lead",
    };

    /// <summary>Null for anything that is not a role's code.</summary>
    public static StaffRole? Parse(string? code) => code switch
    {
        "agent" => StaffRole.Agent,
        "lead" => StaffRole.Lead,
        _ => null,
    };
}

/// <summary>A person of the platform's own staff; never a tenant's.</summary>
public sealed class StaffMember
{
    public required Guid UserId { get; init; }

    public required StaffRole Role { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
