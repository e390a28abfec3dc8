using System.Security.Cryptography;
using System.Text;

namespace BillingPortal.Kernel;

/// <summary>Identifiers: time-ordered for new rows, name-based where the same cause must always give the same key.</summary>
public static class Ids
{
    public static Guid New() => Guid.CreateVersion7();

    /// <summary>When <see cref="New"/> made the id, to the millisecond.</summary>
    public static DateTimeOffset TimeOf(Guid id) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(id.ToString("N")[..12], 16));

    /// <summary>
    /// A version-8 uuid from SHA-256 over the names. The same names give the same uuid; a name is length-prefixed, so
    /// ("a", "bc") and ("ab", "c") differ.
    /// </summary>
    public static Guid FromName(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            text.Append(name.Length).Append(':').Append(name);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
