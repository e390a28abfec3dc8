using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>
/// What a page's script asks before it asks the device. The device's answer comes back with a form, as everything else that sets
/// the session's cookie does.
/// </summary>
internal static class PasskeyEndpoints
{
    public const string NewPath = "/account/security/passkeys/options";
    public const string SignInPath = "/sign-in/passkey/options";

    public static IEndpointRouteBuilder MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(NewPath, AskForNewAsync).RequireAuthorization(Policies.Person).ExcludeFromDescription();
        routes.MapPost(SignInPath, AskForAnyAsync).AllowAnonymous().ExcludeFromDescription();
        return routes;
    }

    private static async Task<IResult> AskForNewAsync(
        HttpContext context, IAntiforgery antiforgery, UserManager<User> users, PasskeyService passkeys, SignInAttempts attempts)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context)
            || await users.GetUserAsync(context.User) is not { } user)
        {
            return Results.BadRequest();
        }

        if (!await attempts.TryTakeAsync(context.Connection.RemoteIpAddress, user.Email, context.RequestAborted))
        {
            return TooMany();
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return await passkeys.AskForNewAsync(user, form["password"].ToString()) is { } options
            ? Results.Text(options, "application/json")
            : Results.Json(new { problem = "That is not your current password." }, statusCode: 422);
    }

    private static async Task<IResult> AskForAnyAsync(
        HttpContext context, IAntiforgery antiforgery, PasskeyService passkeys, SignInAttempts attempts)
    {
        if (!context.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        return await attempts.TryTakeAsync(context.Connection.RemoteIpAddress, context.RequestAborted)
            ? Results.Text(await passkeys.AskForAnyAsync(), "application/json")
            : TooMany();
    }

    private static IResult TooMany() =>
        Results.Json(new { problem = "Too many attempts. Wait a minute, then try again." }, statusCode: 429);
}
