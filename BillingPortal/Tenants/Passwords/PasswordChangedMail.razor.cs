using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Passwords;

/// <summary>Tells the person after the fact, so that nobody can do it unnoticed.</summary>
public sealed partial class PasswordChangedMail : ComponentBase
{
    [Parameter]
    public string Name { get; set; } = "";
}
