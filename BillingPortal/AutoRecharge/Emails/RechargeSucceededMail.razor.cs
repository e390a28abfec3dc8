using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>A recharge was paid; with the receipt's figures, which come formatted.</summary>
public sealed partial class RechargeSucceededMail : ComponentBase
{
    [Parameter]
    public string Bought { get; set; } = "";

    [Parameter]
    public string? Bonus { get; set; }

    [Parameter]
    public string Price { get; set; } = "";

    [Parameter]
    public string? Card { get; set; }

    [Parameter]
    public string Balance { get; set; } = "";

    [Parameter]
    public string Threshold { get; set; } = "";

    [Parameter]
    public DateTimeOffset? PaidAt { get; set; }

    [Parameter]
    public string Receipt { get; set; } = "";

    [Parameter]
    public string? Pdf { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}
