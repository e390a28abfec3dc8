using Microsoft.AspNetCore.Components;

namespace BillingPortal.PhoneNumbers.Emails;

/// <summary>Rent was not covered while grace days run: which numbers, until when they stay in service, what ends it.</summary>
public sealed partial class NumbersInGraceMail : ComponentBase
{
    [Parameter]
    public IReadOnlyList<MailedNumber> Numbers { get; set; } = [];

    /// <summary>Rent of all of them, formatted.</summary>
    [Parameter]
    public string Needed { get; set; } = "";

    [Parameter]
    public string Until { get; set; } = "";

    [Parameter]
    public string TopUpLink { get; set; } = "";

    [Parameter]
    public string RechargeLink { get; set; } = "";
}
