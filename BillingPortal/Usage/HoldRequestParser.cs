using System.Text.Json;

namespace BillingPortal.Usage;

/// <summary>Reads what a caller sends about holds and says in plain words what is wrong with it. Pure.</summary>
internal static class HoldRequestParser
{
    /// <summary>Exactly one of the two results is null.</summary>
    public static (HoldRequest? Request, UsageFault? Fault) Parse(JsonElement json, UsageOptions options)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, UsageFault.NotAnObject);
        }

        var parser = new UsageEventParser(options);
        var service = UsageEventParser.TextOf(json, "service") ?? "";
        var quantity = 0m;
        var reference = UsageEventParser.TextOf(json, "reference_id") ?? "";
        TimeSpan? expiresIn = null;
        var fault = parser.CheckService(service)
            ?? parser.CheckQuantity(json, out quantity) ?? UsageEventParser.CheckWhole(service, quantity)
            ?? parser.CheckReference(reference)
            ?? CheckExpiry(json, options, out expiresIn);
        return fault is null ? (new HoldRequest(service, quantity, reference, expiresIn), null) : (null, fault);
    }

    /// <summary>Exactly one of the two results is null.</summary>
    public static (HoldExtensionRequest? Request, UsageFault? Fault) ParseExtension(JsonElement json, UsageOptions options)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, UsageFault.NotAnObject);
        }

        TimeSpan? expiresIn = null;
        var fault = new UsageEventParser(options).CheckQuantity(json, out var quantity)
            ?? CheckExpiry(json, options, out expiresIn);
        return fault is null ? (new HoldExtensionRequest(quantity, expiresIn), null) : (null, fault);
    }

    /// <summary>Null when the quantity can be taken; zero can.</summary>
    public static UsageFault? ParseQuantity(JsonElement json, UsageOptions options, out decimal quantity)
    {
        quantity = 0;
        return json.ValueKind != JsonValueKind.Object
            ? UsageFault.NotAnObject
            : new UsageEventParser(options).CheckQuantity(json, out quantity, mayBeZero: true);
    }

    private static UsageFault? CheckExpiry(JsonElement json, UsageOptions options, out TimeSpan? expiresIn)
    {
        expiresIn = null;
        if (!json.TryGetProperty("expires_in_seconds", out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Number || !member.TryGetInt32(out var seconds) || seconds < 1
            || seconds > options.HoldSecondsMax)
        {
            return new UsageFault(
                "invalid_expires_in_seconds", $"expires_in_seconds must be a whole number from 1 to {options.HoldSecondsMax}.");
        }

        expiresIn = TimeSpan.FromSeconds(seconds);
        return null;
    }
}
