using BillingPortal.Kernel;

namespace BillingPortal.Tenants;

/// <summary>
/// A customer of the platform. Everything that carries a <c>tenant_id</c> belongs to exactly one of these.
/// </summary>
public sealed class Tenant
{
    public required Guid Id { get; init; }

    /// <summary>The short name in addresses and import files; never changes.</summary>
    public required string Slug { get; init; }

    public required string Name { get; set; }

    /// <summary>Which of the two accounts usage draws on.</summary>
    public required Unit Plan { get; set; }

    /// <summary>When usage in dollars is debited; says nothing on the credits plan.</summary>
    public SettlementMode SettlementMode { get; set; } = SettlementMode.Monthly;

    /// <summary>IANA name; people see times in this zone.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Where bills go besides the people who may pay; null when nobody asked for it.</summary>
    public string? BillingEmail { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
