using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>Tells the person that a passkey came or went.</summary>
public sealed partial class PasskeyMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string Person { get; set; } = "";

    [Parameter]
    public string Passkey { get; set; } = "";
}
