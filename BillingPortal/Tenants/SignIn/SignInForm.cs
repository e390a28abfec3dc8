using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Tenants.SignIn;

/// <summary>What the sign-in form sends.</summary>
public sealed class SignInForm
{
    [Required(ErrorMessage = "Enter your email address.")]
    [StringLength(256)]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Enter your password.")]
    [StringLength(256)]
    public string Password { get; set; } = "";

    /// <summary>Keeps the session beyond the browser's.</summary>
    public bool StaySignedIn { get; set; }
}
