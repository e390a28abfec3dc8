using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Tenants.Team;

/// <summary>What a new person sends to accept an invitation.</summary>
public sealed class InvitationForm
{
    [Required(ErrorMessage = "Enter your name.")]
    [StringLength(AcceptService.NameMax, ErrorMessage = "At most 100 characters.")]
    public string Name { get; set; } = "";

    [Required(ErrorMessage = "Enter a password.")]
    [StringLength(256, MinimumLength = 12, ErrorMessage = "At least 12 characters.")]
    public string Password { get; set; } = "";

    [Compare(nameof(Password), ErrorMessage = "The two passwords differ.")]
    public string Again { get; set; } = "";
}
