using BillingPortal.Kernel;
using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>Signs in with a passkey. A refusal never says whether the passkey is anybody's.</summary>
public sealed partial class PasskeySignIn(
    PasskeyService passkeys, SessionFactory sessions, SignInAttempts attempts, NavigationManager navigation, IOptions<AppOptions> app)
    : ComponentBase
{
    private string? _problem;

    /// <summary>Where to go afterwards, as the address of the page says.</summary>
    [Parameter]
    public string? ReturnUrl { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private Uri? Address => PasskeySetup.AddressOf(app.Value.PublicUrl);

    private async Task EnterAsync()
    {
        if (!await attempts.TryTakeAsync(HttpContext.Connection.RemoteIpAddress, HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _problem = "Too many attempts from here. Wait a minute, then try again.";
            return;
        }

        var form = HttpContext.Request.Form;
        var (outcome, user) = await passkeys.SignInAsync(HttpContext, form["Credential"].ToString(), form["Stay"] == "true");
        if (user is not null)
        {
            navigation.NavigateTo(ReturnAddress.Of(ReturnUrl, SignInHome.Of(await sessions.CreateAsync(user))));
            return;
        }

        _problem = outcome is PasskeyOutcome.LockedOut
            ? "This sign-in is locked for ten minutes after five wrong attempts. Try again later."
            : "That passkey is not known here, or its answer came too late. Try again, or sign in with your password.";
    }
}
