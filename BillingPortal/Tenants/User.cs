namespace BillingPortal.Tenants;

/// <summary>
/// A person who signs in. What the person may do is said by <see cref="Member"/> and <see cref="StaffMember"/>.
/// </summary>
public sealed class User
{
    public required Guid Id { get; init; }

    /// <summary>The sign-in name as well.</summary>
    public required string Email { get; set; }

    public string NormalizedEmail { get; set; } = "";

    /// <summary>What colleagues see.</summary>
    public required string Name { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Changes with every credential; a session with another stamp is signed out within a minute.</summary>
    public string SecurityStamp { get; set; } = "";

    public string ConcurrencyStamp { get; set; } = "";

    public bool IsTwoFactorEnabled { get; set; }

    /// <summary>The authenticator's secret, encrypted by data protection.</summary>
    public string? AuthenticatorKeyProtected { get; set; }

    /// <summary>SHA-256 of every recovery code that has not been used.</summary>
    public List<string> RecoveryCodeHashes { get; set; } = [];

    public int AccessFailedCount { get; set; }

    public DateTimeOffset? LockoutEndAt { get; set; }

    /// <summary>The tenant chosen last; where a person of several tenants begins.</summary>
    public Guid? LastTenantId { get; set; }

    /// <summary>No mail when a browser signs in that has not done so before.</summary>
    public bool MutesNewDevices { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
