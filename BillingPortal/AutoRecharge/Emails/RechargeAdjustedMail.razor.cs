using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>Smart mode moved threshold or amount by more than people would overlook: from what to what, and why.</summary>
public sealed partial class RechargeAdjustedMail : ComponentBase
{
    [Parameter]
    public string Threshold { get; set; } = "";

    [Parameter]
    public string ThresholdBefore { get; set; } = "";

    [Parameter]
    public string Bought { get; set; } = "";

    [Parameter]
    public string BoughtBefore { get; set; } = "";

    [Parameter]
    public string? Most { get; set; }

    [Parameter]
    public string Why { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
