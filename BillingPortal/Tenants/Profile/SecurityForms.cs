using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Tenants.Profile;

/// <summary>What the form for a new password sends.</summary>
public sealed class PasswordForm
{
    [Required(ErrorMessage = "Enter your current password.")]
    [StringLength(256)]
    public string Current { get; set; } = "";

    [Required(ErrorMessage = "Enter a new password.")]
    [StringLength(256, MinimumLength = 12, ErrorMessage = "At least 12 characters.")]
    public string New { get; set; } = "";

    [Compare(nameof(New), ErrorMessage = "The two new passwords differ.")]
    public string Again { get; set; } = "";
}

/// <summary>What a form sends that asks for the password once more.</summary>
public sealed class ConfirmForm
{
    [Required(ErrorMessage = "Enter your password.")]
    [StringLength(256)]
    public string Password { get; set; } = "";
}
