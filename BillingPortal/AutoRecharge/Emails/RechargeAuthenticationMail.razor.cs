using Microsoft.AspNetCore.Components;

namespace BillingPortal.AutoRecharge.Emails;

/// <summary>The bank wants the cardholder; the link leads to a page of the portal that asks for sign-in.</summary>
public sealed partial class RechargeAuthenticationMail : ComponentBase
{
    [Parameter]
    public string Price { get; set; } = "";

    [Parameter]
    public string Bought { get; set; } = "";

    [Parameter]
    public DateTimeOffset? ExpiresAt { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}
