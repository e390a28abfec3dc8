using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary><c>X-Twilio-Signature</c>: the exact address called and every parameter, under the account's token.</summary>
internal static class TwilioSignature
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes(SandboxOptions.TwilioAuthToken);

    [SuppressMessage("Security", "CA5350", Justification = "Twilio's signatures are HMAC-SHA1.")]
    public static string Of(string url, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var text = new StringBuilder(Called(url).AbsoluteUri);
        var byName = parameters.GroupBy(one => one.Key, one => one.Value, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in byName)
        {
            // A repeated parameter: its distinct values in order.
            foreach (var value in group.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                text.Append(group.Key).Append(value);
            }
        }

        return Convert.ToBase64String(HMACSHA1.HashData(Key, Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The address as it goes over the wire: escaped, and without the fragment, which is for Twilio.</summary>
    public static Uri Called(string url) =>
        new(url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var place ? url[..place] : url);
}
