using BillingPortal.Components.Layout;
using BillingPortal.Tenants;

namespace BillingPortal.Invoices;

/// <summary>Shows the page Invoices to tenants that may buy on invoice or have done so.</summary>
internal sealed class InvoicesNavigation(InvoiceReader reader) : INavigationRule
{
    public string Href => "/invoices";

    public Task<bool> IsShownAsync(CurrentTenant tenant) => reader.ConcernsAsync(tenant.Id);
}
