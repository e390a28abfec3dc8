using System.Text;

namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>Who calls: Bearer, or Basic with the key as user name.</summary>
internal static class StripeKeys
{
    /// <summary>Returns whether the key is the publishable one; 401 for any other key than the sandbox's two.</summary>
    public static bool CheckIsPublishable(HttpRequest request, KeyKind allowed)
    {
        var key = Read(request.Headers.Authorization.ToString());
        if (string.IsNullOrEmpty(key))
        {
            throw Unauthorized(
                null, "You did not provide an API key. You need to provide your API key in the Authorization header, "
                + "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }

        if (key == SandboxOptions.StripePublishableKey)
        {
            return allowed == KeyKind.SecretOrPublishable ? true : throw Unauthorized(
                "secret_key_required",
                "This API call cannot be made with a publishable API key. Please use a secret API key.");
        }

        return key == SandboxOptions.StripeSecretKey
            ? false
            : throw Unauthorized(null, $"Invalid API Key provided: {Masked(key)}");
    }

    private static StripeError Unauthorized(string? code, string message) =>
        new(401, "invalid_request_error", code, message);

    private static string Read(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }

        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        var buffer = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0]
            : "";
    }

    private static string Masked(string key) => key.Length <= 12
        ? new string('*', key.Length)
        : key[..8] + new string('*', key.Length - 12) + key[^4..];
}
