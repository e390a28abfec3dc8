using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>One parameter of a call that came as a form.</summary>
public sealed record BodyField(string Name, string Value);

/// <summary>
/// An event's body as people read it. Personal data stands there; what belongs to a card beyond its brand, and what opens a payment,
/// does not. Pure; bears any text.
/// </summary>
/// <param name="Json">Indented; null where the body is a form.</param>
/// <param name="Fields">Of a form; empty otherwise.</param>
public sealed partial record EventBody(string? Json, IReadOnlyList<BodyField> Fields)
{
    private const string Hidden = "(not shown)";
    private const int LengthMax = 100_000;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // What a card's object may show.
    private static readonly HashSet<string> OfCards = new(["brand", "country", "funding", "network"], StringComparer.Ordinal);

    private static readonly HashSet<string> Cards =
        new(["card", "card_present", "interac_present", "wallet"], StringComparer.Ordinal);

    private static readonly HashSet<string> Secrets =
        new(["client_secret", "number", "cvc", "cvc_update", "fingerprint", "dynamic_last4", "last4"], StringComparer.Ordinal);

    public static EventBody Of(string provider, string body)
    {
        if (provider == WebhookInbox.Twilio && TwilioForm.Parse(body) is { } form)
        {
            return new EventBody(null, [.. form.Fields.Select(field => new BodyField(field.Name, Masked(field.Value)))]);
        }

        try
        {
            var json = JsonNode.Parse(body);
            Clean(json, isCard: false);
            return new EventBody(Cut(json?.ToJsonString(Indented) ?? "null"), []);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return new EventBody(Cut(Masked(body)), []); // no JSON, a name twice, half a surrogate pair: as it came
        }
    }

    private static void Clean(JsonNode? node, bool isCard)
    {
        if (node is JsonArray array)
        {
            for (var index = 0; index < array.Count; index++)
            {
                var at = index;
                Clean(array[index], isCard, replacement => array[at] = replacement);
            }
        }
        else if (node is JsonObject one)
        {
            foreach (var (name, value) in one.ToList())
            {
                if (value is not null && (Secrets.Contains(name) || (isCard && value is JsonValue && !OfCards.Contains(name))))
                {
                    one[name] = Hidden;
                }
                else
                {
                    Clean(value, isCard || (Cards.Contains(name) && value is JsonObject), replacement => one[name] = replacement);
                }
            }
        }
    }

    private static void Clean(JsonNode? node, bool isCard, Action<JsonNode> replace)
    {
        if (node is not JsonValue value)
        {
            Clean(node, isCard);
        }
        else if (value.GetValueKind() is JsonValueKind.String && value.GetValue<string>() is var text && Masked(text) is var masked
            && masked != text)
        {
            replace(JsonValue.Create(masked));
        }
    }

    /// <summary>A text without the numbers of cards that people write into messages.</summary>
    internal static string Masked(string text) => LongNumber().Replace(
        text, match => IsCardNumber(match.Value) ? Hidden : match.Value);

    private static bool IsCardNumber(string text)
    {
        var (sum, isSecond, digits) = (0, false, 0);
        foreach (var sign in text.Reverse().Where(char.IsAsciiDigit))
        {
            var value = (sign - '0') * (isSecond ? 2 : 1);
            sum += value > 9 ? value - 9 : value;
            (isSecond, digits) = (!isSecond, digits + 1);
        }

        return digits is >= 13 and <= 19 && sum % 10 == 0;
    }

    private static string Cut(string text) =>
        text.Length <= LengthMax ? text : new StringBuilder(text, 0, LengthMax, LengthMax + 32).Append("\n… (cut here)").ToString();

    // Groups of digits as they stand on a card; a phone number with its plus is none.
    [GeneratedRegex(@"(?<![\d+A-Za-z_])\d(?:[ -]?\d){12,18}(?![\dA-Za-z_])", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();
}
