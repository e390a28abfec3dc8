using Microsoft.AspNetCore.Components;

namespace BillingPortal.Support;

/// <summary>Support has given or taken credits or funds. Its figures come formatted.</summary>
public sealed partial class AdjustmentMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    /// <summary>Why, in support's words.</summary>
    [Parameter]
    public string Note { get; set; } = "";

    [Parameter]
    public string Change { get; set; } = "";

    [Parameter]
    public string Balance { get; set; } = "";

    /// <summary>Null when they never end.</summary>
    [Parameter]
    public string? Ends { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}
