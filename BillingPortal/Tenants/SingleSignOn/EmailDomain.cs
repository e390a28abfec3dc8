using System.Text.RegularExpressions;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Domains of email addresses: exactly one spelling, no subdomains implied. Pure.</summary>
internal static partial class EmailDomain
{
    private const int AddressMax = 256;

    // Whoever wants has an address there: such a domain is nobody's.
    private static readonly HashSet<string> Public = new(StringComparer.Ordinal)
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com",
        "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "mail.com", "mail.ru", "yandex.ru",
        "yandex.com", "qq.com", "163.com", "126.com", "zoho.com", "fastmail.com", "t-online.de", "orange.fr", "free.fr", "libero.it",
    };

    public static bool IsPublic(string domain) => Public.Contains(domain);

    /// <summary>In lower case, without @; null when it is no domain.</summary>
    public static string? Of(string text)
    {
        var domain = text.Trim().TrimStart('@').ToLowerInvariant();
        return domain.Length <= 253 && Shape().IsMatch(domain) ? domain : null;
    }

    /// <summary>What stands after the @; null when it is no plain address.</summary>
    public static string? OfAddress(string? address)
    {
        var at = address?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        return at > 0 && address!.Length <= AddressMax && Local().IsMatch(address[..at]) ? Of(address[(at + 1)..]) : null;
    }

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();

    // What an account's name may consist of here; anything else could look like another address.
    [GeneratedRegex(@"^[A-Za-z0-9._+-]{1,64}\z")]
    private static partial Regex Local();
}
