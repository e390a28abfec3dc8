using Microsoft.AspNetCore.Components;

namespace BillingPortal.Notifications;

/// <summary>Phone numbers renew in three days: which, for how much, and whether the balance covers it.</summary>
public sealed partial class UpcomingChargesMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public IReadOnlyList<UpcomingNumber> Numbers { get; set; } = [];

    /// <summary>Numbers beyond those listed.</summary>
    [Parameter]
    public int More { get; set; }

    [Parameter]
    public string Sum { get; set; } = "";

    [Parameter]
    public string Covered { get; set; } = "";

    [Parameter]
    public bool IsCovered { get; set; }

    [Parameter]
    public string Link { get; set; } = "";
}

/// <summary>One line of the mail, formatted.</summary>
public sealed record UpcomingNumber(string Name, string Amount);
