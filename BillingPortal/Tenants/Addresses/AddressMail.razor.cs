using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Addresses;

/// <summary>The link that shows that the new address is the person's.</summary>
public sealed partial class AddressMail : ComponentBase
{
    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
