using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants;

/// <summary>Builds a person's session from what the database says now: tenant and role, or staff role.</summary>
public sealed class SessionFactory(TenantReader tenants) : IUserClaimsPrincipalFactory<User>
{
    public Task<ClaimsPrincipal> CreateAsync(User user) => CreateAsync(user, user.LastTenantId);

    /// <summary>
    /// The preferred tenant if the person still belongs to it, else the first by name. Without tenant and staff
    /// role the session may see its profile only.
    /// </summary>
    public async Task<ClaimsPrincipal> CreateAsync(User user, Guid? preferredTenantId)
    {
        var identity = new ClaimsIdentity(SessionClaims.OfUser(user), IdentityConstants.ApplicationScheme);
        if (await tenants.StaffRoleAsync(user.Id) is { } staffRole)
        {
            identity.AddClaim(new Claim(SessionClaims.StaffRole, staffRole.ToCode()));
            return new ClaimsPrincipal(identity);
        }

        var memberships = await tenants.MembershipsAsync(user.Id);
        if (memberships.Count > 0)
        {
            var chosen = memberships.FirstOrDefault(membership => membership.Tenant.Id == preferredTenantId) ?? memberships[0];
            identity.AddClaims(SessionClaims.OfTenant(chosen.Tenant));
            identity.AddClaim(new Claim(SessionClaims.Role, chosen.Role.ToCode()));
            identity.AddClaim(new Claim(SessionClaims.TenantCount, memberships.Count.ToString(CultureInfo.InvariantCulture)));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>Writes the session's cookie anew for the same tenant, after credentials or name have changed.</summary>
    public async Task RenewAsync(HttpContext context, User user, Guid? tenantId)
    {
        var current = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        await context.SignInAsync(
            IdentityConstants.ApplicationScheme, await CreateAsync(user, tenantId), current.Properties ?? new AuthenticationProperties());
    }
}
