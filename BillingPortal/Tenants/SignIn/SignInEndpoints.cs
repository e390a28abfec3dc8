using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.SignIn;

/// <summary>Signing out is a form of its own, so that no link or image can do it.</summary>
internal static class SignInEndpoints
{
    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOutAsync).RequireAuthorization(Policies.Person).ExcludeFromDescription();
        routes.MapGet("/account/renew", RenewAsync).RequireAuthorization(Policies.Person).ExcludeFromDescription();
        return routes;
    }

    // After something changed that the session says of its tenant, the plan for one. It changes nothing else.
    private static async Task<IResult> RenewAsync(
        HttpContext context, UserManager<User> users, SessionFactory sessions, CurrentTenant tenant, string? returnUrl)
    {
        if (await users.GetUserAsync(context.User) is { } user)
        {
            await sessions.RenewAsync(context, user, tenant.IsPresent ? tenant.Id : null);
        }

        return Results.LocalRedirect(ReturnAddress.Of(returnUrl, "/"));
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext context, IAntiforgery antiforgery, SignInManager<User> signIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        await signIn.SignOutAsync();
        return Results.LocalRedirect(SessionCookie.SignInPath);
    }
}
