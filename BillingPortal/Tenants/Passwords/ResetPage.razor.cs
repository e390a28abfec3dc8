using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// Where the mailed link leads. The code moves from the address into a cookie of this page at once, so that neither the history
/// nor a Referer nor a log of addresses keeps it.
/// </summary>
public sealed partial class ResetPage(PasswordService passwords, NavigationManager navigation) : ComponentBase
{
    public const string Path = "/sign-in/reset";
    private const string CookieName = "billing_reset";

    private string? _email;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "reset")]
    private ResetForm Form { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "code")]
    private string? LinkCode { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private string Code => HttpContext.Request.Cookies[CookieName] ?? "";

    protected override async Task OnInitializedAsync()
    {
        Form ??= new ResetForm();
        HttpContext.Response.Headers.CacheControl = "no-store";
        if (!string.IsNullOrEmpty(LinkCode) && HttpMethods.IsGet(HttpContext.Request.Method))
        {
            HttpContext.Response.Cookies.Append(CookieName, LinkCode.Length <= 100 ? LinkCode : "", Cookie(PasswordService.LinkWorksFor));
            navigation.NavigateTo(Path);
            return;
        }

        // A form that was sent is answered by its own handler, even when the link has ended meanwhile.
        _email = await passwords.EmailOfAsync(Code) ?? (HttpMethods.IsPost(HttpContext.Request.Method) ? "" : null);
    }

    private async Task SaveAsync()
    {
        var result = await passwords.ResetAsync(Code, Form.New);
        switch (result.Outcome)
        {
            case PasswordOutcome.Done:
                HttpContext.Response.Cookies.Delete(CookieName, Cookie(TimeSpan.Zero));
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

    // Lax, not strict: the first request comes from a mail program's page.
    private CookieOptions Cookie(TimeSpan age) => new()
    {
        Path = Path,
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = HttpContext.Request.IsHttps,
        MaxAge = age,
    };

    /// <summary>What the form sends.</summary>
    public sealed class ResetForm
    {
        [Required(ErrorMessage = "Enter a new password.")]
        [StringLength(256, MinimumLength = 12, ErrorMessage = "At least 12 characters.")]
        public string New { get; set; } = "";

        [Compare(nameof(New), ErrorMessage = "The two passwords differ.")]
        public string Again { get; set; } = "";
    }
}
