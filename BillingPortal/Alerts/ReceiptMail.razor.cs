using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Alerts;

/// <summary>A purchase was paid and became credits or funds. Its figures come formatted.</summary>
public sealed partial class ReceiptMail : ComponentBase
{
    [Parameter]
    public string Bought { get; set; } = "";

    [Parameter]
    public string? Bonus { get; set; }

    [Parameter]
    public string Price { get; set; } = "";

    [Parameter]
    public string? Balance { get; set; }

    [Parameter]
    public string? Card { get; set; }

    [Parameter]
    public DateTimeOffset? PaidAt { get; set; }

    [Parameter]
    public string Number { get; set; } = "";

    [Parameter]
    public string? Link { get; set; }

    /// <summary>The receipt's address; the reader is asked to sign in there.</summary>
    [Parameter]
    public string? Pdf { get; set; }

    // In UTC and saying so: a mail's readers sit in several zones.
    private string PaidAtText =>
        PaidAt?.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
