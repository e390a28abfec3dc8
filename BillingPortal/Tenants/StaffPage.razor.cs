using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants;

/// <summary>Where the platform's own people begin: the tenants, read-only.</summary>
public sealed partial class StaffPage(TenantReader tenants, CurrentTenant current) : ComponentBase
{
    private const int TenantsMax = 200;
    private IReadOnlyList<TenantSummary>? _tenants;

    private string Subtitle => current.StaffRole is StaffRole.Lead
        ? "You are signed in as support lead. You see every tenant's master data; nothing can be changed here."
        : "You are signed in as support agent. You see every tenant's master data; nothing can be changed here.";

    protected override async Task OnInitializedAsync() => _tenants = await tenants.ListAsync(TenantsMax);
}
