using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BillingPortal.Providers.Sms;

/// <summary>
/// Parameters of one call of Twilio's, decoded strictly: what is not whole UTF-8 in whole percent encoding is not read
/// at all. Values are kept as they are, empty ones and spaces included. Never prints them.
/// </summary>
public sealed class TwilioForm
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const NumberStyles Hex = NumberStyles.AllowHexSpecifier;

    private readonly List<(string Name, string Value)> _fields;

    private TwilioForm(List<(string Name, string Value)> fields) => _fields = fields;

    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    /// <summary>From <c>application/x-www-form-urlencoded</c>; null when it is not.</summary>
    public static TwilioForm? Parse(string text)
    {
        var fields = new List<(string, string)>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? part : part[..equals]);
            var value = equals < 0 ? "" : Decode(part[(equals + 1)..]);
            if (name is null || value is null)
            {
                return null;
            }

            fields.Add((name, value));
        }

        return new TwilioForm(fields);
    }

    /// <summary>From bytes of a form; null when they are none.</summary>
    public static TwilioForm? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Parse(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>From a flat JSON object; members that are lists or objects are left out. Null when it is none.</summary>
    public static TwilioForm? ParseJson(byte[] json)
    {
        try
        {
            var root = JsonElement.Parse(json);
            return root.ValueKind != JsonValueKind.Object ? null : new TwilioForm(
                [.. from member in root.EnumerateObject()
                    where member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                    select (member.Name, TextOf(member.Value))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The value of a parameter. Null when it is not there, and when it is there with several: which one is meant,
    /// nobody can say. A U+0000, which no text of ours may have, is shown as the sign for what cannot be shown.
    /// </summary>
    public string? Text(string name)
    {
        string? found = null;
        foreach (var (known, value) in _fields)
        {
            if (known == name && found is not null && found != value)
            {
                return null;
            }

            found = known == name ? value : found;
        }

        return found?.Replace('\0', '\uFFFD');
    }

    /// <summary>Null also for what is not a whole number from zero.</summary>
    public int? Number(string name) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public TwilioForm With(TwilioForm more) => new([.. _fields, .. more._fields]);

    /// <summary>The same parameters again as a form: what the inbox keeps.</summary>
    public string ToBody() => string.Join(
        '&', _fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}"));

    public override string ToString() => $"{_fields.Count} parameters";

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static string? Decode(string text)
    {
        try
        {
            var bytes = Strict.GetBytes(text);
            var length = 0;
            for (var i = 0; i < bytes.Length; i++, length++)
            {
                bytes[length] = bytes[i] == '+' ? (byte)' ' : bytes[i];
                if (bytes[i] != '%')
                {
                    continue;
                }

                if (!byte.TryParse(bytes.AsSpan(i + 1, Math.Min(2, bytes.Length - i - 1)), Hex, null, out bytes[length])
                    || i + 2 >= bytes.Length)
                {
                    return null;
                }

                i += 2;
            }

            return Strict.GetString(bytes, 0, length);
        }
        catch (Exception exception) when (exception is DecoderFallbackException or EncoderFallbackException)
        {
            return null;
        }
    }
}
