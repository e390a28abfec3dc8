using Microsoft.AspNetCore.Components;

namespace BillingPortal.Documents.Statements;

/// <summary>A month is over and its statements are there. Its figures come formatted.</summary>
public sealed partial class StatementReadyMail : ComponentBase
{
    [Parameter]
    public string Month { get; set; } = "";

    /// <summary>Those in which something was booked, the plan's first.</summary>
    [Parameter]
    public IReadOnlyList<Account> Accounts { get; set; } = [];

    [Parameter]
    public string Link { get; set; } = "";

    /// <summary>One account's month in short.</summary>
    public sealed record Account(
        string Name, string Opening, string ToppedUp, string Used, string Closing, string Pdf, string Csv);
}
