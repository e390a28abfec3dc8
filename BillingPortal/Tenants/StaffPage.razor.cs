using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants;

/// <summary>Where the platform's own people begin: the tenants, read-only.</summary>
public sealed partial class StaffPage(TenantReader tenants, CurrentTenant current) : ComponentBase
{
    private const int TenantsMax = 200;
    private IReadOnlyList<TenantSummary>? _tenants;

    private string Subtitle => current.StaffRole is StaffRole.Lead
        ? "As support lead you see every tenant here; nothing can be changed."
        : "As support agent you see every tenant here; nothing can be changed.";

    protected override async Task OnInitializedAsync() => _tenants = await tenants.ListAsync(TenantsMax);
}
