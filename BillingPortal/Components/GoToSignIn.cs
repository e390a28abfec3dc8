using Microsoft.AspNetCore.Components;

namespace BillingPortal.Components;

/// <summary>Leaves a page whose session has ended, for the sign-in, and comes back afterwards.</summary>
public sealed class GoToSignIn(NavigationManager navigation) : ComponentBase
{
    protected override void OnInitialized()
    {
        var here = "/" + navigation.ToBaseRelativePath(navigation.Uri);
        navigation.NavigateTo($"/sign-in?returnUrl={Uri.EscapeDataString(here)}", forceLoad: true);
    }
}
