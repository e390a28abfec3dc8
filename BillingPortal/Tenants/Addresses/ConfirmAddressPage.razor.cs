using BillingPortal.Tenants.Passwords;
using BillingPortal.Tenants.SignIn;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Addresses;

/// <summary>
/// Where the mail to the new address leads. A click confirms; opening alone does nothing, for mail programs open links.
/// </summary>
public sealed partial class ConfirmAddressPage(
    AddressService addresses, SignInAttempts attempts, NavigationManager navigation) : ComponentBase
{
    public const string Path = "/sign-in/email";

    private static readonly LinkCookie Cookie = new("billing_email", Path, AddressService.LinkWorksFor);

    private string? _newEmail;

    [SupplyParameterFromQuery(Name = "code")]
    private string? LinkCode { get; set; }

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
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
        _newEmail = await addresses.NewEmailOfAsync(Cookie.CodeOf(HttpContext))
            ?? (HttpMethods.IsPost(HttpContext.Request.Method) ? "" : null);
    }

    private async Task ConfirmAsync()
    {
        if (HttpContext.Response.StatusCode is StatusCodes.Status429TooManyRequests)
        {
            return;
        }

        if (await addresses.ConfirmAsync(Cookie.CodeOf(HttpContext)) is AddressOutcome.Done)
        {
            Cookie.Forget(HttpContext);
            navigation.NavigateTo($"{SessionCookie.SignInPath}?news=email");
            return;
        }

        _newEmail = null;
    }
}
