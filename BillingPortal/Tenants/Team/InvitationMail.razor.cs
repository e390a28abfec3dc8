using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Team;

/// <summary>Invites an address to a tenant. The same words whether the address signs in here already or not.</summary>
public sealed partial class InvitationMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string InvitedBy { get; set; } = "";

    [Parameter]
    public string TenantName { get; set; } = "";

    /// <summary>«a viewer».</summary>
    [Parameter]
    public string Role { get; set; } = "";

    [Parameter]
    public string Explanation { get; set; } = "";

    [Parameter]
    public string Email { get; set; } = "";

    [Parameter]
    public string Until { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
