using Microsoft.AspNetCore.Components;

namespace BillingPortal.Analytics;

/// <summary>A share of a budget is used: how much, and where the month is heading.</summary>
public sealed partial class BudgetMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string Used { get; set; } = "";

    [Parameter]
    public string Month { get; set; } = "";

    [Parameter]
    public string? Forecast { get; set; }

    [Parameter]
    public string Outlook { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
