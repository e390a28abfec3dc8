using BillingPortal.Tenants.SingleSignOn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Profile;

/// <summary>
/// Changes the tenant of this session, and where the next sign-in begins. Only to a tenant that the person belongs to.
/// </summary>
public sealed partial class TenantChoicePage(
    UserManager<User> users, TenantReader tenants, SessionFactory sessions, CurrentTenant tenant, NavigationManager navigation)
    : ComponentBase
{
    private IReadOnlyList<Membership> _memberships = [];
    private User? _user;

    [SupplyParameterFromForm(FormName = "tenant")]
    private Guid? TenantId { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        _user = await users.GetUserAsync(HttpContext.User);
        _memberships = _user is null ? [] : await tenants.MembershipsAsync(_user.Id);
    }

    private bool IsCurrent(Membership membership) => tenant.IsPresent && membership.Tenant.Id == tenant.Id;

    private async Task ChooseAsync()
    {
        if (_memberships.FirstOrDefault(membership => membership.Tenant.Id == TenantId) is { } chosen)
        {
            if (chosen.NeedsSingleSignOn)
            {
                navigation.NavigateTo($"{SsoAddresses.Start}/{chosen.Tenant.Slug}");
                return;
            }

            _user!.LastTenantId = chosen.Tenant.Id;
            await users.UpdateAsync(_user);
            await sessions.RenewAsync(HttpContext, _user, chosen.Tenant.Id);
            navigation.NavigateTo("/");
        }
    }
}
