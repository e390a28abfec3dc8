using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Profile;

/// <summary>A person's own name and roles.</summary>
public sealed partial class ProfilePage(
    UserManager<User> users, TenantReader tenants, SessionFactory sessions, CurrentTenant tenant) : ComponentBase
{
    private IReadOnlyList<Membership> _memberships = [];
    private User? _user;
    private bool _saved;

    [SupplyParameterFromForm(FormName = "profile")]
    private ProfileForm Form { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        var isSent = Form is not null;
        Form ??= new ProfileForm();
        _user = (await users.GetUserAsync(HttpContext.User))!;
        Form.Name = isSent ? Form.Name : _user.Name;
        _memberships = await tenants.MembershipsAsync(_user.Id);
    }

    private async Task SaveAsync()
    {
        _user!.Name = Form.Name.Trim();
        _saved = (await users.UpdateAsync(_user)).Succeeded;
        await sessions.RenewAsync(HttpContext, _user, tenant.IsPresent ? tenant.Id : null);
    }

    /// <summary>What the form sends.</summary>
    public sealed class ProfileForm
    {
        [Required(ErrorMessage = "Enter your name.")]
        [StringLength(100, ErrorMessage = "At most 100 characters.")]
        public string Name { get; set; } = "";
    }
}
