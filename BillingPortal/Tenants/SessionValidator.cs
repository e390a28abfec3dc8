using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants;

/// <summary>
/// Renews a request's session every minute from the database, so that a changed role counts at once. The session
/// keeps the tenant it was opened for: another browser of the same person may have chosen another.
/// </summary>
internal sealed class SessionValidator(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<User> signIn, ILoggerFactory loggers, SessionFactory sessions)
    : SecurityStampValidator<User>(options, signIn, loggers)
{
    protected override async Task SecurityStampVerified(User user, CookieValidatePrincipalContext context)
    {
        var preferred = context.Principal is { } current ? SessionClaims.GuidOf(current, SessionClaims.TenantId) : null;
        context.ReplacePrincipal(await sessions.CreateAsync(user, preferred));
        context.ShouldRenew = true;
    }
}
