using System.ComponentModel.DataAnnotations;
using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// From a work address to the company's own sign-in, by the address's domain alone: whether such a person exists is not looked at. It
/// leads on by a link rather than a redirect, because a form may only lead to this site.
/// </summary>
public sealed partial class SsoStartPage(SsoReader reader, SsoAttempts attempts) : ComponentBase
{
    private SsoDoor? _door;
    private string? _problem;

    [SupplyParameterFromForm(FormName = "sso")]
    private AddressForm Form { get; set; } = default!;

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    /// <summary>The short name of a tenant to whose sign-in another site has led; asked about before it begins.</summary>
    [SupplyParameterFromQuery(Name = "tenant")]
    private string? Asked { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private string Next => $"{SsoAddresses.Start}/{_door!.Slug}?returnUrl={Uri.EscapeDataString(ReturnAddress.Of(ReturnUrl, "/"))}";

    private bool IsAsked => !string.IsNullOrEmpty(Asked);

    protected override async Task OnInitializedAsync()
    {
        Form ??= new AddressForm();
        if (IsAsked && HttpMethods.IsGet(HttpContext.Request.Method)
            && await attempts.TryTakeAsync(HttpContext.Connection.RemoteIpAddress, HttpContext.RequestAborted))
        {
            _door = await reader.BySlugAsync(Asked!, HttpContext.RequestAborted);
        }
    }

    private async Task FindAsync()
    {
        var domain = EmailDomain.OfAddress(Form.Email.Trim());
        if (!await attempts.TryTakeAsync(HttpContext.Connection.RemoteIpAddress, HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _problem = SsoTexts.Of(SsoRefusal.TooMany);
            return;
        }

        _door = domain is null ? null : await reader.ByDomainAsync(domain, HttpContext.RequestAborted);
        _problem = _door is null
            ? "No single sign-on is known for that address. Use the sign-in link of your company, or sign in with your password."
            : null;
    }

    /// <summary>What the form sends.</summary>
    public sealed class AddressForm
    {
        [Required(ErrorMessage = "Enter your work address.")]
        [StringLength(256)]
        public string Email { get; set; } = "";
    }
}
