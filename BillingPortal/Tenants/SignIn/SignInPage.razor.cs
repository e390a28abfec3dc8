using BillingPortal.Components;
using BillingPortal.Tenants.SingleSignOn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.SignIn;

/// <summary>Email and password. The answer to a wrong pair never says which of the two is wrong.</summary>
public sealed partial class SignInPage(
    PasswordDoor door, UserManager<User> users, SessionFactory sessions, SignInAttempts attempts, NavigationManager navigation,
    SandboxNotice sandbox) : ComponentBase
{
    private string? _problem;

    [SupplyParameterFromForm(FormName = "sign-in")]
    private SignInForm Form { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    /// <summary>What was done just before.</summary>
    [SupplyParameterFromQuery]
    private string? News { get; set; }

    /// <summary>Why single sign-on came to nothing.</summary>
    [SupplyParameterFromQuery]
    private string? Sso { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private string? Done => News switch
    {
        "password" => "Your password is changed. Sign in with the new one.",
        "email" => "Your email address is changed. Sign in with the new one.",
        _ => null,
    };

    private SandboxNotice Sandbox => sandbox;

    private string SsoStart => $"{SsoAddresses.Start}?returnUrl={Uri.EscapeDataString(ReturnAddress.Of(ReturnUrl, "/"))}";

    protected override void OnInitialized() => Form ??= new SignInForm();

    private async Task EnterAsync()
    {
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, Form.Email, HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _problem = "Too many attempts from here. Wait a minute, then try again; each further round takes longer.";
            return;
        }

        var result = await door.EnterAsync(HttpContext, Form.Email, Form.Password, Form.StaySignedIn);
        SignInMetrics.Came(result switch
        {
            { Succeeded: true } => "succeeded",
            { RequiresTwoFactor: true } => "second_step",
            { IsLockedOut: true } => "locked",
            _ => "failed",
        });
        if (result.Succeeded)
        {
            navigation.NavigateTo(ReturnAddress.Of(ReturnUrl, await HomeAsync()));
        }
        else if (result.RequiresTwoFactor)
        {
            var back = Uri.EscapeDataString(ReturnAddress.Of(ReturnUrl, ""));
            navigation.NavigateTo($"/sign-in/two-step?returnUrl={back}&stay={Form.StaySignedIn}");
        }
        else
        {
            // The same words for a locked person, a wrong password and an address that nobody has.
            _problem = "That email and password do not belong together. After five wrong passwords the sign-in is locked for ten minutes.";
        }
    }

    private async Task<string> HomeAsync() =>
        await users.FindByEmailAsync(Form.Email.Trim()) is { } user ? SignInHome.Of(await sessions.CreateAsync(user)) : "/";
}
