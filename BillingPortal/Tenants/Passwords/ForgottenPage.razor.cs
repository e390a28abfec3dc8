using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Passwords;

/// <summary>Asks for a link to a new password. The answer is the same for every address.</summary>
public sealed partial class ForgottenPage(PasswordService passwords, ResetAttempts attempts) : ComponentBase
{
    public const string Path = "/sign-in/forgotten";

    private bool _isAsked;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "forgotten")]
    private ForgottenForm Form { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override void OnInitialized() => Form ??= new ForgottenForm();

    private async Task AskAsync()
    {
        var from = HttpContext.Connection.RemoteIpAddress;
        if (!await attempts.TryTakeAsync(from, Form.Email, HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _problem = "That was asked for several times just now. Look into your mailbox, or try again in fifteen minutes.";
            return;
        }

        await passwords.AskAsync(Form.Email, from?.ToString() ?? "an unknown address");
        _isAsked = true;
    }

    /// <summary>What the form sends.</summary>
    public sealed class ForgottenForm
    {
        [Required(ErrorMessage = "Enter your email address.")]
        [StringLength(256, ErrorMessage = "At most 256 characters.")]
        [EmailAddress(ErrorMessage = "That is no email address.")]
        [RegularExpression(@"\P{Cc}*", ErrorMessage = "That address has an invisible character. Type it by hand.")]
        public string Email { get; set; } = "";
    }
}
