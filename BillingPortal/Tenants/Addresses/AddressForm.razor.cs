using System.ComponentModel.DataAnnotations;
using BillingPortal.Tenants.Passwords;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Addresses;

/// <summary>Asks to sign in with another address. The answer is the same whether or not somebody has it.</summary>
public sealed partial class AddressForm(AddressService addresses, ResetAttempts attempts) : ComponentBase
{
    private string? _asked;
    private string? _problem;

    [Parameter, EditorRequired]
    public User Person { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "email")]
    private WishForm Form { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override void OnInitialized() => Form ??= new WishForm();

    private async Task AskAsync()
    {
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, $"address of {Person.Id}", HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _problem = "That was asked for several times just now. Try again in fifteen minutes.";
            return;
        }

        (_asked, _problem) = await addresses.AskAsync(Person, Form.Email, Form.Password) switch
        {
            AddressOutcome.Done => (Form.Email.Trim(), null),
            AddressOutcome.Same => ((string?)null, "That is your address already."),
            AddressOutcome.WrongPassword or AddressOutcome.LinkEnded => (null, "That is not your current password."),
        };
        Form.Password = ""; // not sent back with the page
        Form.Email = _asked is null ? Form.Email : "";
    }

    /// <summary>What the form sends.</summary>
    public sealed class WishForm
    {
        [Required(ErrorMessage = "Enter the new address.")]
        [StringLength(256, ErrorMessage = "At most 256 characters.")]
        [EmailAddress(ErrorMessage = "That is no email address.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Enter your password.")]
        [StringLength(256)]
        public string Password { get; set; } = "";
    }
}
