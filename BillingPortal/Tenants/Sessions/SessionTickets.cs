using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Sessions;

/// <summary>
/// Ties the session's cookie to its row: every sign-in, whichever way it came, opens one and carries its id; signing out ends it;
/// each minute's check asks whether it still stands. A cookie without a session's id is none of ours.
/// </summary>
internal static class SessionTickets
{
    public const string DeviceCookie = "billing_device";

    /// <summary>Under which the cookie carries the session's id.</summary>
    public const string Item = "session";

    private const int MarkLength = 32;
    private static readonly TimeSpan DeviceKnownFor = TimeSpan.FromDays(400);

    public static async Task OpenAsync(CookieSigningInContext context)
    {
        if (context.Principal is not { } principal || SessionClaims.GuidOf(principal, ClaimTypes.NameIdentifier) is not { } userId)
        {
            return;
        }

        var sessions = context.HttpContext.RequestServices.GetRequiredService<SessionService>();
        var stamp = principal.FindFirstValue(SessionClaims.SecurityStamp) ?? "";
        if (IdOf(context.Properties) is { } known)
        {
            await sessions.RenewAsync(known, userId, stamp);
        }
        else
        {
            // Whoever signs in anew in the same browser leaves the session that was there.
            await LeaveAsync(context.HttpContext);
            known = await sessions.OpenAsync(userId, stamp, DeviceOf(context.HttpContext));
            context.Properties.Items[Item] = known.ToString();
        }

        Carry(principal, known);
    }

    public static Task CloseAsync(CookieSigningOutContext context) => LeaveAsync(context.HttpContext);

    /// <summary>After the check of the security stamp, and as often.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        await SecurityStampValidator.ValidatePrincipalAsync(context);
        if (context.Principal is not { } principal || !context.ShouldRenew)
        {
            return;
        }

        var sessions = context.HttpContext.RequestServices.GetRequiredService<SessionService>();
        if (IdOf(context.Properties) is { } id && SessionClaims.GuidOf(principal, ClaimTypes.NameIdentifier) is { } userId
            && await sessions.SeeAsync(id, userId, AddressOf(context.HttpContext)))
        {
            Carry(principal, id);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    /// <summary>For an open page, which has no cookie to look into.</summary>
    public static async Task<bool> StandsAsync(IServiceProvider services, ClaimsPrincipal principal) =>
        SessionClaims.GuidOf(principal, SessionClaims.SessionId) is { } id
        && SessionClaims.GuidOf(principal, ClaimTypes.NameIdentifier) is { } userId
        && await services.GetRequiredService<SessionService>().SeeAsync(id, userId, address: null);

    private static Guid? IdOf(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(Item, out var text) && Guid.TryParse(text, out var id) ? id : null;

    private static void Carry(ClaimsPrincipal principal, Guid id)
    {
        if (principal.Identity is ClaimsIdentity identity && SessionClaims.GuidOf(principal, SessionClaims.SessionId) != id)
        {
            identity.AddClaim(new Claim(SessionClaims.SessionId, id.ToString()));
        }
    }

    private static async Task LeaveAsync(HttpContext context)
    {
        if (SessionClaims.GuidOf(context.User, SessionClaims.SessionId) is { } id
            && SessionClaims.GuidOf(context.User, ClaimTypes.NameIdentifier) is { } userId)
        {
            await context.RequestServices.GetRequiredService<SessionService>().LeaveAsync(id, userId);
        }
    }

    /// <summary>The browser's own mark, hashed; null when it has none.</summary>
    public static string? DeviceHashOf(HttpContext context) =>
        context.Request.Cookies[Transport.Of(context).HostCookie(DeviceCookie)] is { Length: MarkLength } mark ? HashOf(mark) : null;

    private static Device DeviceOf(HttpContext context)
    {
        var name = Transport.Of(context).HostCookie(DeviceCookie);
        var mark = context.Request.Cookies[name];
        if (mark is not { Length: MarkLength })
        {
            mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkLength / 2));
        }

        // Again each time, so that a browser in use is never forgotten.
        context.Response.Cookies.Append(name, mark, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = DeviceKnownFor,
        });
        return new Device(context.Request.Headers.UserAgent.ToString(), AddressOf(context), HashOf(mark));
    }

    private static string HashOf(string mark) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mark)));

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
