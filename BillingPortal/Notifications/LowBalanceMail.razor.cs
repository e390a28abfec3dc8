using Microsoft.AspNetCore.Components;

namespace BillingPortal.Notifications;

/// <summary>The balance fell to a lower level, or has stayed there for a day; what to do about it.</summary>
public sealed partial class LowBalanceMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string Message { get; set; } = "";

    [Parameter]
    public IReadOnlyList<string> Recommendations { get; set; } = [];

    [Parameter]
    public bool IsReminder { get; set; }

    [Parameter]
    public string LinkText { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
