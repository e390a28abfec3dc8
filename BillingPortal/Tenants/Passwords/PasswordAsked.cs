namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// The outbox message behind "I forgot my password": whoever asks waits for nothing that tells whether the address is known.
/// </summary>
/// <param name="Email">As typed.</param>
/// <param name="From">The asker's address on the network.</param>
internal sealed record PasswordAsked(string Email, string From)
{
    public const string MessageKind = "password-asked";
}
