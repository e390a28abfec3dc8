using System.Security.Claims;
using BillingPortal.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>The two ends of a sign-in through an issuer. A refusal leads back to the sign-in page, which says it in words.</summary>
internal static class SsoEndpoints
{
    public static IEndpointRouteBuilder MapSingleSignOn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/sso/{slug}", BeginAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/sign-in/sso/callback/{slug}", FinishAsync).AllowAnonymous().ExcludeFromDescription();
        return routes;
    }

    private static async Task<IResult> BeginAsync(HttpContext context, SsoSignIn signIn, string slug, string? returnUrl)
    {
        // Another site must not be able to sign somebody in here, as whomever its own issuer says: a person's click on our page begins it.
        if (CrossSiteGuard.IsForeign(context.Request))
        {
            return Results.LocalRedirect(SsoAddresses.Ask(slug, returnUrl));
        }

        var beginning = await signIn.BeginAsync(context, slug, returnUrl);
        return beginning.Address is { } address ? Results.Redirect(address) : Back(beginning.Refusal!.Value);
    }

    private static async Task<IResult> FinishAsync(HttpContext context, SsoSignIn signIn, SessionFactory sessions, string slug)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer"; // the address has a code in it
        var end = await signIn.FinishAsync(context, slug);
        if (end.Guest is not { } guest)
        {
            return Back(end.Refusal!.Value);
        }

        // Another site may send a browser here, to an issuer of its own: that must not put somebody into another person's session.
        if (SessionClaims.GuidOf(context.User, ClaimTypes.NameIdentifier) is { } here && here != guest.User.Id)
        {
            return Back(SsoRefusal.SomebodyElse);
        }

        var session = await sessions.CreateForOneAsync(guest.User, guest.TenantId);
        await context.SignInAsync(IdentityConstants.ApplicationScheme, session, new AuthenticationProperties());
        return Results.LocalRedirect(guest.ReturnUrl);
    }

    private static IResult Back(SsoRefusal refusal) =>
        Results.LocalRedirect($"{SessionCookie.SignInPath}?sso={SsoTexts.CodeOf(refusal)}");
}
