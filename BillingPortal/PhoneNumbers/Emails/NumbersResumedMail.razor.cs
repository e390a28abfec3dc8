using Microsoft.AspNetCore.Components;

namespace BillingPortal.PhoneNumbers.Emails;

/// <summary>Suspended numbers are in service again: which, what was paid, and when the next rent falls due.</summary>
public sealed partial class NumbersResumedMail : ComponentBase
{
    [Parameter]
    public IReadOnlyList<MailedNumber> Numbers { get; set; } = [];

    [Parameter]
    public string NextOn { get; set; } = "";

    [Parameter]
    public string Link { get; set; } = "";
}
