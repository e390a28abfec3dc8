using System.Text.Json;

namespace BillingPortal.Providers.Payments;

/// <summary>Reads Stripe's JSON with the patience that a format needs which grows without notice.</summary>
internal static class StripeJson
{
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static long Number(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.TryGetNumber(out var number) ? number : 0;

    public static bool Flag(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static DateTimeOffset? Time(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.TryGetNumber(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>An object inside, or null.</summary>
    public static JsonElement? Inner(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    /// <summary>A reference is an id, or the whole object where it was expanded.</summary>
    public static string? Reference(
        this JsonElement json, string name) => json.Text(name) ?? json.Inner(name)?.Text("id");

    public static IReadOnlyDictionary<string, string> Map(this JsonElement json, string name) =>
        json.Inner(name) is { } map
            ? map.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String)
                .ToDictionary(field => field.Name, field => field.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>();

    /// <summary>What every object has; its absence means that the answer is not Stripe's.</summary>
    public static string Required(this JsonElement json, string name) => json.Text(name)
        ?? throw new JsonException($"The field {name} is missing.");

    private static bool TryGetNumber(this JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }
}
