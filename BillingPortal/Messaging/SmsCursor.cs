using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Messaging;

/// <summary>
/// Where a page of messages ended: the time and id of its last one. Opaque outside; new messages come before it.
/// </summary>
public readonly record struct SmsCursor(DateTimeOffset At, Guid Id)
{
    private const int LengthMax = 96;

    /// <summary>Of the page that begins with this message: no id comes after the last one of its time.</summary>
    public static SmsCursor From(SmsMessage message) =>
        new(message.CreatedAt, Next(message.Id));

    public override string ToString() => WebEncoders.Base64UrlEncode(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1:{At.UtcTicks}:{Id:N}")));

    /// <summary>Null for anything that <see cref="ToString"/> did not make.</summary>
    public static SmsCursor? Parse(string text)
    {
        if (text.Length > LengthMax)
        {
            return null;
        }

        try
        {
            return Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text)).Split(':') is ["1", var at, var id]
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                && ticks <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParseExact(id, "N", out var guid)
                    ? new SmsCursor(new DateTimeOffset(ticks, TimeSpan.Zero), guid)
                    : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // PostgreSQL orders uuids by their bytes; this is the next one.
    private static Guid Next(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--)
        {
        }

        return new Guid(bytes, bigEndian: true);
    }
}
