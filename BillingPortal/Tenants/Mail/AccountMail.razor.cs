using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Mail;

/// <summary>Tells a person what changed about the own sign-in, in a sentence or two.</summary>
public sealed partial class AccountMail : ComponentBase
{
    [Parameter]
    public string Title { get; set; } = "";

    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public string Text { get; set; } = "";

    internal static Dictionary<string, string?> Of(string title, string name, string text) => new()
    {
        [nameof(Title)] = title,
        [nameof(Name)] = name,
        [nameof(Text)] = text,
    };
}
