using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Demo;

/// <summary>Settings of section <c>Demo</c>.</summary>
public sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>False starts the sandbox's portal empty.</summary>
    public bool Seed { get; init; } = true;

    /// <summary>How long a past the made-up tenants have.</summary>
    [Range(1, 365)]
    public int Days { get; init; } = 60;
}
