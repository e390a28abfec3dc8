using System.Security.Claims;
using BillingPortal.Tenants.Viewing;
using BillingPortal.Tenants.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants;

/// <summary>
/// Looks every minute whether the person of an open page may still be here: same credentials, a session that nobody has
/// ended, same role with the same tenant. If not, the page is signed out; a reload then shows what is allowed now.
/// </summary>
internal sealed class SessionRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override TimeSpan RevalidationInterval => Interval;

    /// <summary>One look.</summary>
    internal async Task<bool> HoldsAsync(ClaimsPrincipal session)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.GetUserAsync(session) is not { } user
            || user.SecurityStamp != session.FindFirstValue(SessionClaims.SecurityStamp)
            || !await SessionTickets.StandsAsync(scope.ServiceProvider, session))
        {
            return false;
        }

        if (TenantView.Of(session) is not null)
        {
            return await scope.ServiceProvider.GetRequiredService<ViewSessions>().AfterEndAsync(session) is null;
        }

        var sessions = scope.ServiceProvider.GetRequiredService<SessionFactory>();
        var current = await sessions.AgainAsync(user, session);
        return Rights(current).SequenceEqual(Rights(session));
    }

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) => HoldsAsync(authenticationState.User);

    private static IEnumerable<string?> Rights(ClaimsPrincipal principal) =>
        new[] { SessionClaims.TenantId, SessionClaims.Role, SessionClaims.StaffRole }.Select(type => principal.FindFirstValue(type));
}
