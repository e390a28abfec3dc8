using System.Security.Claims;
using BillingPortal.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Viewing;

/// <summary>
/// The session of staff that looks at a tenant: the tenant's, with a viewer's rights, and who looks. It has no staff role: until
/// its end the desk is closed.
/// </summary>
public sealed class ViewSessions(TenantViews views, TenantReader tenants, SessionFactory sessions, UserManager<User> users)
{
    /// <summary>The session of that look as the database says now, or the person's own when the tenant is gone.</summary>
    public async Task<ClaimsPrincipal> CreateAsync(User user, TenantView view)
    {
        if (view.StaffId != user.Id || await tenants.FindAsync(view.TenantId) is not { } tenant)
        {
            return await sessions.CreateAsync(user);
        }

        var identity = new ClaimsIdentity(SessionClaims.OfUser(user), IdentityConstants.ApplicationScheme);
        identity.AddClaims(SessionClaims.OfTenant(tenant));
        identity.AddClaims(view.Claims);
        identity.AddClaim(new Claim(SessionClaims.Role, MemberRole.Viewer.ToCode()));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The person's own session once the look is over, and the end written down; null while it is open, and for
    /// everybody who does not look.</summary>
    public async Task<ClaimsPrincipal?> AfterEndAsync(ClaimsPrincipal session)
    {
        if (TenantView.Of(session) is not { } view || await views.EndOfAsync(view) is not { } end)
        {
            return null;
        }

        if (end is ViewEnd.TimeOver or ViewEnd.NotStaff)
        {
            await views.EndAsync(view, end);
        }

        return await users.GetUserAsync(session) is { } user ? await sessions.CreateAsync(user) : new ClaimsPrincipal();
    }

    /// <summary>Writes the cookie anew, with the lifetime that the session had.</summary>
    public async Task EnterAsync(HttpContext context, Func<User, Task<ClaimsPrincipal>> session)
    {
        if (await users.GetUserAsync(context.User) is { } user)
        {
            var current = await context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
            await context.SignInAsync(
                IdentityConstants.ApplicationScheme, await session(user), current.Properties ?? new AuthenticationProperties());
        }
    }
}
