using Microsoft.AspNetCore.Components;

namespace BillingPortal.Alerts;

/// <summary>
/// The frame of every email: whose it is, why it came, where the portal is. Styles stand on the tags.
/// </summary>
public sealed partial class EmailLayout : ComponentBase
{
    [Parameter]
    public string Subject { get; set; } = "";

    [Parameter]
    public string TenantName { get; set; } = "";

    /// <summary>The rendered template: markup of our own making, in which every value is encoded already.</summary>
    [Parameter]
    public string Body { get; set; } = "";

    [Parameter]
    public string PortalUrl { get; set; } = "";

    /// <summary>For a mail to one person: why it came. Null for a tenant's notice.</summary>
    [Parameter]
    public string? Why { get; set; }
}
