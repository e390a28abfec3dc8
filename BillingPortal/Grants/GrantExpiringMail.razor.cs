using Microsoft.AspNetCore.Components;

namespace BillingPortal.Grants;

/// <summary>Credits expire within the next days. Its figures come formatted.</summary>
public sealed partial class GrantExpiringMail : ComponentBase
{
    [Parameter]
    public string Total { get; set; } = "";

    [Parameter]
    public string[] Lines { get; set; } = [];

    [Parameter]
    public string Link { get; set; } = "";
}
