using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>80, 90 or 100 % of the monthly spending limit are used.</summary>
public sealed partial class RechargeLimitMail : ComponentBase
{
    [Parameter]
    public string Spent { get; set; } = "";

    [Parameter]
    public string Limit { get; set; } = "";

    [Parameter]
    public bool IsReached { get; set; }

    [Parameter]
    public DateTimeOffset? ResetsAt { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}
