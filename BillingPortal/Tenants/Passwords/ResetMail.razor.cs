using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Passwords;

/// <summary>The link to a new password.</summary>
public sealed partial class ResetMail : ComponentBase
{
    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";

    /// <summary>The asker's address on the network.</summary>
    [Parameter]
    public string From { get; set; } = "";
}
