using Microsoft.AspNetCore.Components;

namespace BillingPortal.Invoices;

/// <summary>An invoice was issued, is due, is overdue or void. Its figures and days come formatted.</summary>
public sealed partial class InvoiceMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string Text { get; set; } = "";

    [Parameter]
    public string Number { get; set; } = "";

    /// <summary>What was bought.</summary>
    [Parameter]
    public string For { get; set; } = "";

    [Parameter]
    public string Price { get; set; } = "";

    /// <summary>Null when nothing is owed any more.</summary>
    [Parameter]
    public string? Due { get; set; }

    [Parameter]
    public string Pdf { get; set; } = "";

    /// <summary>Null when nothing is owed any more.</summary>
    [Parameter]
    public string? Pay { get; set; }
}
