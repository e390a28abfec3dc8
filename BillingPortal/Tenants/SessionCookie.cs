using BillingPortal.Kernel;
using BillingPortal.Tenants.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BillingPortal.Tenants;

/// <summary>
/// The session's cookie, and what a caller without one gets: a page is sent to the sign-in, a program gets a
/// problem.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "billing_session";
    public const string SignInPath = "/sign-in";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(10);

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = SignInPath;
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnSigningIn = SessionTickets.OpenAsync;
        options.Events.OnSigningOut = SessionTickets.CloseAsync;
        options.Events.OnValidatePrincipal = SessionTickets.ValidateAsync;
        options.Events.OnRedirectToLogin = ChallengeAsync;
        options.Events.OnRedirectToAccessDenied = ForbidAsync;
    }

    private static Task ChallengeAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (IsForPrograms(context.Request))
        {
            return Problems.Unauthorized("unauthorized", "Send a session cookie or 'Authorization: Bearer <api key>'.")
                .ExecuteAsync(context.HttpContext);
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    // A page's 403 is drawn by the status page, under the address that was asked for.
    private static Task ForbidAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (IsForPrograms(context.Request))
        {
            return Problems.Forbidden("forbidden", "Your role may not do that.").ExecuteAsync(context.HttpContext);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // A person who follows a mail's link to a file under /api asks for a page as any browser does, and may sign in first.
    private static bool IsForPrograms(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !(HttpMethods.IsGet(request.Method)
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));
}
