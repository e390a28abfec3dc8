using System.Globalization;
using System.Text.Json;

namespace BillingPortal.Providers.Sms;

/// <summary>Reads Twilio's JSON with patience: numbers come as text or as numbers, and fields are added without notice.</summary>
internal static class TwilioJson
{
    /// <summary>Null when it is missing, null or empty.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    public static string Required(this JsonElement json, string name) =>
        json.Text(name) ?? throw new JsonException($"The field {name} is missing.");

    public static decimal? Number(this JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return null;
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    public static int? Int(this JsonElement json, string name) =>
        json.Number(name) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>RFC 2822 with <c>+0000</c>.</summary>
    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        DateTimeOffset.TryParse(json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;

    public static Uri? Address(this JsonElement json, string name) =>
        Uri.TryCreate(json.Text(name), UriKind.Absolute, out var address) ? address : null;

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    /// <summary>A flag whose name is spelled <c>sms</c> in one place and <c>SMS</c> in another.</summary>
    public static bool Capability(this JsonElement json, string name) =>
        json.TryGetProperty("capabilities", out var all) && all.ValueKind == JsonValueKind.Object
            && all.EnumerateObject().Any(one => one.Value.ValueKind == JsonValueKind.True
                && one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
