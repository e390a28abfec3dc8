using BillingPortal.Components.Layout;

namespace BillingPortal.Tenants.Keys;

/// <summary>Shows the page API keys to those who may open it.</summary>
internal sealed class KeysNavigation : INavigationRule
{
    public string Href => "/api-keys";

    public Task<bool> IsShownAsync(CurrentTenant tenant) => Task.FromResult(tenant.CanManage);
}
