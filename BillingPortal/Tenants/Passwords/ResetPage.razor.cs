using System.ComponentModel.DataAnnotations;
using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// Where the mailed link leads. The code leaves the address at once (<see cref="LinkCookie"/>).
/// </summary>
public sealed partial class ResetPage(PasswordService passwords, SignInAttempts attempts, NavigationManager navigation) : ComponentBase
{
    public const string Path = "/sign-in/reset";

    private static readonly LinkCookie Cookie = new("billing_reset", Path, PasswordService.LinkWorksFor);

    private string? _email;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "reset")]
    private ResetForm Form { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "code")]
    private string? LinkCode { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new ResetForm();
        if (Cookie.TryKeep(HttpContext, LinkCode))
        {
            navigation.NavigateTo(Path);
            return;
        }

        if (!await attempts.TryTakeAsync(HttpContext.Connection.RemoteIpAddress, HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        // A form that was sent is answered by its own handler, even when the link has ended meanwhile.
        _email = await passwords.EmailOfAsync(Cookie.CodeOf(HttpContext)) ?? (HttpMethods.IsPost(HttpContext.Request.Method) ? "" : null);
    }

    private async Task SaveAsync()
    {
        if (HttpContext.Response.StatusCode is StatusCodes.Status429TooManyRequests)
        {
            return;
        }

        var result = await passwords.ResetAsync(Cookie.CodeOf(HttpContext), Form.New, Form.RemovePasskeys);
        switch (result.Outcome)
        {
            case PasswordOutcome.Done:
                Cookie.Forget(HttpContext);
                navigation.NavigateTo($"{SessionCookie.SignInPath}?news=password");
                break;
            case PasswordOutcome.LinkEnded or PasswordOutcome.WrongPassword:
                _email = null;
                break;
            case PasswordOutcome.Refused:
                _problem = result.Rule;
                break;
        }
    }

    /// <summary>What the form sends.</summary>
    public sealed class ResetForm
    {
        [Required(ErrorMessage = "Enter a new password.")]
        [StringLength(256, MinimumLength = 12, ErrorMessage = "At least 12 characters.")]
        public string New { get; set; } = "";

        [Compare(nameof(New), ErrorMessage = "The two passwords differ.")]
        public string Again { get; set; } = "";

        /// <summary>For whom somebody else had the old password: who came in may have added one.</summary>
        public bool RemovePasskeys { get; set; }
    }
}
