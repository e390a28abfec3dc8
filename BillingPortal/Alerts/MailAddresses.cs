using System.Net.Mail;
using System.Text.RegularExpressions;

namespace BillingPortal.Alerts;

/// <summary>Email addresses as they are compared and accepted here: one bare address, lower case.</summary>
public static partial class MailAddresses
{
    public const int LengthMax = 254; // RFC 5321, 4.5.3.1.3, without the angle brackets

    /// <summary>The spelling under which an address is known.</summary>
    public static string Normalize(string address) => address.Trim().ToLowerInvariant();

    /// <summary>The address, tidied; null when it is not one that a person could receive mail at.</summary>
    public static string? Parse(string? text)
    {
        var address = text?.Trim() ?? "";
        return address.Length is > 0 and <= LengthMax && Shape().IsMatch(address)
            && MailAddress.TryCreate(address, out var parsed) && parsed.Address == address
            ? address
            : null;
    }

    // ASCII only: an address with letters of other scripts is more often a trap or a slip than a mailbox.
    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$")]
    private static partial Regex Shape();
}
