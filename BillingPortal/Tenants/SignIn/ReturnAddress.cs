namespace BillingPortal.Tenants.SignIn;

/// <summary>Where to go after signing in: an address of this portal, never of another site.</summary>
internal static class ReturnAddress
{
    /// <summary>The address if it is local and worth returning to, else <paramref name="fallback"/>.</summary>
    public static string Of(string? address, string fallback)
    {
        if (string.IsNullOrEmpty(address) || address[0] != '/' || address.Length > 1000)
        {
            return fallback;
        }

        // "//host" and "/\host" leave the site; control characters can hide either.
        var leaves = address.Length > 1 && address[1] is ('/' or '\\');
        return leaves || address.Any(char.IsControl) || address.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("/status", StringComparison.OrdinalIgnoreCase)
            ? fallback
            : address;
    }
}
