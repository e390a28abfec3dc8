using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>A recharge is likely within the hours that people asked to be told ahead: how much, which card, when, how to stop it.</summary>
public sealed partial class RechargeAheadMail : ComponentBase
{
    [Parameter]
    public string Threshold { get; set; } = "";

    [Parameter]
    public string Price { get; set; } = "";

    [Parameter]
    public string Card { get; set; } = "";

    [Parameter]
    public string Bought { get; set; } = "";

    [Parameter]
    public DateTimeOffset? DueAt { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}
