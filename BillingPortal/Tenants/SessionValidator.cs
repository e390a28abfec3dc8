using BillingPortal.Tenants.Viewing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants;

/// <summary>
/// Renews a request's session every minute from the database, so that a changed role counts at once. The session
/// keeps the tenant it was opened for: another browser of the same person may have chosen another.
/// </summary>
internal sealed class SessionValidator(
    IOptions<SecurityStampValidatorOptions> options, SignInManager<User> signIn, ILoggerFactory loggers, SessionFactory sessions,
    ViewSessions views)
    : SecurityStampValidator<User>(options, signIn, loggers)
{
    // A look at a tenant is asked for at every request: its end holds at once, in every copy of the cookie.
    public override async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        await base.ValidateAsync(context);
        if (context.Principal is { } current && await views.AfterEndAsync(current) is { } own)
        {
            context.ReplacePrincipal(own);
            context.ShouldRenew = true;
        }
    }

    protected override async Task SecurityStampVerified(User user, CookieValidatePrincipalContext context)
    {
        var session = context.Principal!;
        context.ReplacePrincipal(
            TenantView.Of(session) is { } view ? await views.CreateAsync(user, view) : await sessions.AgainAsync(user, session));
        context.ShouldRenew = true;
    }
}
