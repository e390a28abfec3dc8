using BillingPortal.Tenants.Passwords;
using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Profile;

/// <summary>A person's own password and second step. Every change here signs the person's other sessions out.</summary>
public sealed partial class SecurityPage(
    UserManager<User> users, PasswordService passwords, SessionFactory sessions, SignInAttempts attempts, CurrentTenant tenant)
    : ComponentBase
{
    private const string WrongPassword = "That is not your current password.";
    private const string TooOften = "Too many attempts. Wait a minute, then try again.";

    private User? _user;
    private int _codesLeft;
    private string? _done;
    private string? _passwordProblem;
    private string? _offProblem;

    [SupplyParameterFromForm(FormName = "password")]
    private PasswordForm Password { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "two-step-off")]
    private ConfirmForm Off { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private string CodesLeft => _codesLeft switch
    {
        0 => "No recovery codes are left: make new ones.",
        1 => "One recovery code is left.",
        _ => $"{_codesLeft} recovery codes are left.",
    };

    protected override async Task OnInitializedAsync()
    {
        Password ??= new PasswordForm();
        Off ??= new ConfirmForm();
        _user = await users.GetUserAsync(HttpContext.User);
        _codesLeft = _user is null ? 0 : await users.CountRecoveryCodesAsync(_user);
    }

    private async Task ChangePasswordAsync()
    {
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, _user!.Email, HttpContext.RequestAborted))
        {
            _passwordProblem = TooOften;
            return;
        }

        var result = await passwords.ChangeAsync(_user.Id, Password.Current, Password.New);
        if (result.Outcome is not PasswordOutcome.Done)
        {
            _passwordProblem = result.Rule ?? WrongPassword;
            return;
        }

        _user = (await users.FindByIdAsync(_user.Id.ToString()))!;
        await KeepSignedInAsync("Your password is changed.");
    }

    private async Task SwitchOffAsync()
    {
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, _user!.Email, HttpContext.RequestAborted))
        {
            _offProblem = TooOften;
        }
        else if (!await users.CheckPasswordAsync(_user, Off.Password))
        {
            _offProblem = WrongPassword;
        }
        else
        {
            await users.SetTwoFactorEnabledAsync(_user, false);
            await users.ResetAuthenticatorKeyAsync(_user);
            await KeepSignedInAsync("Two-step sign-in is off.");
        }
    }

    private async Task KeepSignedInAsync(string done)
    {
        await sessions.RenewAsync(HttpContext, _user!, tenant.IsPresent ? tenant.Id : null);
        _done = done;
    }
}
