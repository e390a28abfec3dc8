using System.Globalization;
using System.Text;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Wallet;

/// <summary>
/// Where a page of transactions ended: an entry's number in its account. Opaque outside; it keeps its meaning for ever,
/// because entries are never renumbered and new ones come before it.
/// </summary>
public readonly record struct TransactionCursor(Unit Unit, long Seq)
{
    private const int LengthMax = 64;

    public override string ToString() => WebEncoders.Base64UrlEncode(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1:{Unit.ToCode()}:{Seq}")));

    /// <summary>Null for anything that <see cref="ToString"/> did not make.</summary>
    public static TransactionCursor? Parse(string text)
    {
        if (text.Length > LengthMax)
        {
            return null;
        }

        try
        {
            var parts = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text)).Split(':');
            return parts is ["1", var code, var number]
                && Units.Parse(code) is { } unit
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
                && seq > 0
                    ? new TransactionCursor(unit, seq)
                    : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
