using Microsoft.AspNetCore.Components;

namespace BillingPortal.Purchases;

/// <summary>A payment that was with the bank has failed after all. Its figures and reasons come in words.</summary>
public sealed partial class PaymentFailedMail : ComponentBase
{
    [Parameter]
    public string Price { get; set; } = "";

    /// <summary>What was to be bought.</summary>
    [Parameter]
    public string For { get; set; } = "";

    /// <summary>The account or card; null when it is not known.</summary>
    [Parameter]
    public string? From { get; set; }

    [Parameter]
    public string Reason { get; set; } = "";

    [Parameter]
    public string Advice { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
