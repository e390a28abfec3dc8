using System.ComponentModel.DataAnnotations;
using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Profile;

/// <summary>
/// Switches the second step on, or moves it to a new phone. The new key travels in the form, encrypted, and counts only
/// after a right code and the password: nobody locks himself out by closing the page, and a stolen session cannot read
/// or replace the key in force.
/// </summary>
public sealed partial class TwoStepSetupPage(
    UserManager<User> users, IUserStore<User> store, SessionFactory sessions, SignInAttempts attempts, CurrentTenant tenant,
    IDataProtectionProvider protection) : ComponentBase
{
    private static readonly TimeSpan KeyOfferedFor = TimeSpan.FromMinutes(30);

    private User? _user;
    private string _newKey = "";
    private string _key = "";
    private string _picture = "";
    private string? _problem;
    private IReadOnlyList<string>? _codes;

    [SupplyParameterFromForm(FormName = "two-step-on")]
    private SetupForm Form { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new SetupForm();
        _user = (await users.GetUserAsync(HttpContext.User))!;
        var protector = protection.CreateProtector("BillingPortal.TwoStepSetup", _user.Id.ToString()).ToTimeLimitedDataProtector();
        _newKey = Open(protector, Form.Key) ?? users.GenerateNewAuthenticatorKey();
        Form.Key = protector.Protect(_newKey, KeyOfferedFor);
        _key = string.Join(' ', _newKey.Chunk(4).Select(part => new string(part)));
        var label = Uri.EscapeDataString($"BillingPortal:{_user.Email}");
        _picture = QrCode.Of($"otpauth://totp/{label}?secret={_newKey}&issuer=BillingPortal").ToSvg();
    }

    private async Task SwitchOnAsync()
    {
        var code = RecoveryCodes.Normalise(Form.Code);
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, _user!.Email, HttpContext.RequestAborted))
        {
            _problem = "Too many attempts. Wait a minute, then try again.";
            return;
        }

        if (!await users.CheckPasswordAsync(_user, Form.Password))
        {
            _problem = "That is not your current password.";
            return;
        }

        // On this copy of the user only, until the code has proved that the phone has it.
        await ((IUserAuthenticatorKeyStore<User>)store).SetAuthenticatorKeyAsync(_user, _newKey, CancellationToken.None);
        if (!await users.VerifyTwoFactorTokenAsync(_user, TokenOptions.DefaultAuthenticatorProvider, code))
        {
            _problem = "That code is not right. Codes change every 30 seconds; check that your phone's clock is.";
            return;
        }

        await users.SetTwoFactorEnabledAsync(_user, true);
        _codes = [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(_user, RecoveryCodes.Count))!];
        await sessions.RenewAsync(HttpContext, _user, tenant.IsPresent ? tenant.Id : null);
    }

    private static string? Open(ITimeLimitedDataProtector protector, string? sent)
    {
        try
        {
            return string.IsNullOrEmpty(sent) ? null : protector.Unprotect(sent);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null; // another person's, or too old: a fresh key is offered
        }
    }

    /// <summary>What the form sends.</summary>
    public sealed class SetupForm
    {
        /// <summary>The offered key, encrypted for this person.</summary>
        public string Key { get; set; } = "";

        [Required(ErrorMessage = "Enter the code that the app shows.")]
        [StringLength(64)]
        public string Code { get; set; } = "";

        [Required(ErrorMessage = "Enter your password.")]
        [StringLength(256)]
        public string Password { get; set; } = "";
    }
}
