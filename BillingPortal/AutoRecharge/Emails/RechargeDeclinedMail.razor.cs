using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>The first failed attempt of a series.</summary>
public sealed partial class RechargeDeclinedMail : ComponentBase
{
    [Parameter]
    public string Price { get; set; } = "";

    /// <summary>How many cards were tried.</summary>
    [Parameter]
    public int Cards { get; set; } = 1;

    [Parameter]
    public string Reason { get; set; } = "";

    [Parameter]
    public DateTimeOffset? NextTryAt { get; set; }

    [Parameter]
    public int FailuresBeforePause { get; set; }

    [Parameter]
    public string CardsLink { get; set; } = "";

    /// <summary>Until when phone numbers stay in service although their rent is not covered; null without grace days.</summary>
    [Parameter]
    public DateTimeOffset? GraceUntil { get; set; }
}
