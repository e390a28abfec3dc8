using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>Ids and secrets in Stripe's shapes; never guessable, never derived from data.</summary>
internal static class StripeIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string New(string prefix) => $"{prefix}_{RandomNumberGenerator.GetString(Letters, 24)}";

    public static string Secret(string id) => $"{id}_secret_{RandomNumberGenerator.GetString(Letters, 25)}";

    /// <summary>
    /// The same for the same card number, as Stripe's fingerprint is, and nothing that leads back to it.
    /// </summary>
    public static string Fingerprint(string number)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes("sandbox:" + number));
        return string.Concat(hash.Take(16).Select(value => Letters[value % Letters.Length]));
    }
}
