using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>Auto-recharge charges nothing until somebody acts: after failures, or because of unusual usage.</summary>
public sealed partial class RechargePausedMail : ComponentBase
{
    [Parameter]
    public string Why { get; set; } = "";

    [Parameter]
    public string WhatToDo { get; set; } = "";

    [Parameter]
    public string LinkText { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";

    /// <summary>Until when phone numbers stay in service although their rent is not covered; null without grace days.</summary>
    [Parameter]
    public DateTimeOffset? GraceUntil { get; set; }
}
