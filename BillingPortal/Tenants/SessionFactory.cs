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
        var open = memberships.Where(membership => !membership.NeedsSingleSignOn).ToList();
        if (open.Count > 0)
        {
            Enter(identity, open.FirstOrDefault(membership => membership.Tenant.Id == preferredTenantId) ?? open[0], memberships.Count);
        }
        else if (memberships.Count > 0)
        {
            identity.AddClaim(new Claim(SessionClaims.NeedsSingleSignOn, memberships[0].Tenant.Slug));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>
    /// A session by single sign-on: for the tenant whose connection it is and never another, never one of the staff, and for nothing
    /// once the person is no member or the connection is gone.
    /// </summary>
    public async Task<ClaimsPrincipal> CreateForOneAsync(User user, Guid tenantId)
    {
        var identity = new ClaimsIdentity(SessionClaims.OfUser(user), IdentityConstants.ApplicationScheme);
        identity.AddClaim(new Claim(SessionClaims.SingleSignOn, tenantId.ToString()));
        if (await tenants.StaffRoleAsync(user.Id) is null && (await tenants.MembershipsAsync(user.Id)).FirstOrDefault(
            membership => membership.Tenant.Id == tenantId && membership.HasSingleSignOn) is { } own)
        {
            Enter(identity, own, count: 1);
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The same session by what the database says now.</summary>
    public Task<ClaimsPrincipal> AgainAsync(User user, ClaimsPrincipal session) =>
        SessionClaims.GuidOf(session, SessionClaims.SingleSignOn) is { } only
            ? CreateForOneAsync(user, only)
            : CreateAsync(user, SessionClaims.GuidOf(session, SessionClaims.TenantId));

    /// <summary>Writes the session's cookie anew for the same tenant, after credentials or name have changed.</summary>
    public async Task RenewAsync(HttpContext context, User user, Guid? tenantId)
    {
        var current = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        await context.SignInAsync(
            IdentityConstants.ApplicationScheme,
            SessionClaims.GuidOf(context.User, SessionClaims.SingleSignOn) is { } only
                ? await CreateForOneAsync(user, only)
                : await CreateAsync(user, tenantId),
            current.Properties ?? new AuthenticationProperties());
    }

    private static void Enter(ClaimsIdentity identity, Membership chosen, int count)
    {
        identity.AddClaims(SessionClaims.OfTenant(chosen.Tenant));
        identity.AddClaim(new Claim(SessionClaims.Role, chosen.Role.ToCode()));
        identity.AddClaim(new Claim(SessionClaims.TenantCount, count.ToString(CultureInfo.InvariantCulture)));
    }
}
