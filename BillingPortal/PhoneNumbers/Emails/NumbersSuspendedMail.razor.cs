using Microsoft.AspNetCore.Components;

namespace BillingPortal.PhoneNumbers.Emails;

/// <summary>Rent was not covered: which numbers are out of service, what brings them back, and when it is tried again.</summary>
public sealed partial class NumbersSuspendedMail : ComponentBase
{
    [Parameter]
    public IReadOnlyList<MailedNumber> Numbers { get; set; } = [];

    /// <summary>Rent of all of them, formatted.</summary>
    [Parameter]
    public string Needed { get; set; } = "";

    [Parameter]
    public string RetryOn { get; set; } = "";

    [Parameter]
    public string TopUpLink { get; set; } = "";

    [Parameter]
    public string NumbersLink { get; set; } = "";
}

/// <summary>A number in a mail: with its label, and its rent formatted.</summary>
public sealed record MailedNumber(string Name, string Rent);
