using BillingPortal.Kernel;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Web;

/// <summary>
/// Refuses a change under <c>/api</c> that another site makes a browser send with this site's cookie. The cookie's
/// SameSite=Lax says the same; sites that share our domain only this one stops. Programs with a key send no cookie and
/// pass.
/// </summary>
internal sealed class CrossSiteGuard(RequestDelegate next)
{
    /// <summary>A browser says that a page of another site made it send this. Programs and old browsers say nothing.</summary>
    public static bool IsForeign(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);
        return IsForeign(request) && changes && ApiPaths.Includes(request)
            && context.User.Identity is { IsAuthenticated: true } identity
            && identity.AuthenticationType == IdentityConstants.ApplicationScheme
            ? Problems.Forbidden("cross_site", "A browser sent this from another site. Use an API key for programs.").ExecuteAsync(context)
            : next(context);
    }
}
