using Microsoft.AspNetCore.Components;

namespace BillingPortal.TenantWebhooks;

/// <summary>An endpoint is not told of events any more, without anybody having asked for it.</summary>
public sealed partial class EndpointDisabledMail : ComponentBase
{
    /// <summary>The host alone: the rest of the address may hold a secret.</summary>
    [Parameter]
    public string Host { get; set; } = "";

    [Parameter]
    public string Description { get; set; } = "";

    [Parameter]
    public string Why { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
