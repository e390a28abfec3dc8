using Microsoft.AspNetCore.Components;

namespace BillingPortal.Purchases;

/// <summary>A payment was refunded or disputed, or that came to nothing. Its figures come formatted.</summary>
public sealed partial class ReversalMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string Price { get; set; } = "";

    /// <summary>All that went back to the card; null when nothing did.</summary>
    [Parameter]
    public string? Refunded { get; set; }

    /// <summary>Why, in support's words; null when nobody said anything.</summary>
    [Parameter]
    public string? Note { get; set; }

    [Parameter]
    public string Number { get; set; } = "";

    /// <summary>Null when the balance has not moved.</summary>
    [Parameter]
    public string? Balance { get; set; }

    [Parameter]
    public string? Debt { get; set; }

    [Parameter]
    public bool PausesRecharge { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}
