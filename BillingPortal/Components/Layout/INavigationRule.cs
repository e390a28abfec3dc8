using BillingPortal.Tenants;

namespace BillingPortal.Components.Layout;

/// <summary>A page that stands in the navigation only for those it is of use to. Its room says for whom.</summary>
public interface INavigationRule
{
    /// <summary>The entry's address.</summary>
    string Href { get; }

    Task<bool> IsShownAsync(CurrentTenant tenant);
}
