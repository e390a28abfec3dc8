using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Alerts;

/// <summary>Shows somebody that mail arrives. It says nothing about the account.</summary>
public sealed partial class TestMail : ComponentBase
{
    [Parameter]
    public string AskedBy { get; set; } = "";

    [Parameter]
    public DateTimeOffset AskedAt { get; set; }

    private string AskedAtText => AskedAt.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
