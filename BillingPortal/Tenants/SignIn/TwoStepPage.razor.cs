using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.SignIn;

/// <summary>The second step of a sign-in: the authenticator's digits, or a recovery code, which works once.</summary>
public sealed partial class TwoStepPage(
    SignInManager<User> signIn, PasswordDoor door, SessionFactory sessions, SignInAttempts attempts, NavigationManager navigation)
    : ComponentBase
{
    private const string WrongCode = "That code is not right. Codes change every 30 seconds; check that your phone's clock is.";
    private const string UsedCode = "That code was entered before. Each works once: wait for the next one.";
    private string? _problem;

    [SupplyParameterFromForm(FormName = "two-step")]
    private CodeForm Form { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery]
    private bool Stay { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new CodeForm();
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is null)
        {
            navigation.NavigateTo(SessionCookie.SignInPath); // nobody's first step, or too long ago
        }
    }

    private async Task EnterAsync()
    {
        var user = (await signIn.GetTwoFactorAuthenticationUserAsync())!;
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, user.Email, HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _problem = "Too many attempts from here. Wait a minute, then try again.";
            return;
        }

        await door.SpareAsync(HttpContext, user);
        var code = RecoveryCodes.Normalise(Form.Code);
        var isDigits = code.Length == 6 && code.All(char.IsAsciiDigit);
        if (isDigits && !await door.IsFreshAsync(user, code, HttpContext.RequestAborted))
        {
            _problem = UsedCode;
            return;
        }

        var result = isDigits
            ? await signIn.TwoFactorAuthenticatorSignInAsync(code, Stay, rememberClient: false)
            : await signIn.TwoFactorRecoveryCodeSignInAsync(code);
        SignInMetrics.Came(result.Succeeded ? "succeeded" : result.IsLockedOut ? "locked" : "failed");
        if (result.Succeeded)
        {
            navigation.NavigateTo(ReturnAddress.Of(ReturnUrl, SignInHome.Of(await sessions.CreateAsync(user))));
            return;
        }

        _problem = result.IsLockedOut
            ? "This sign-in is locked for ten minutes after five wrong attempts. Try again later."
            : WrongCode;
    }

    /// <summary>What the form sends.</summary>
    public sealed class CodeForm
    {
        [Required(ErrorMessage = "Enter the code.")]
        [StringLength(64)]
        public string Code { get; set; } = "";
    }
}
