using System.Globalization;
using System.Text.Json;
using BillingPortal.Pricing;

namespace BillingPortal.Usage;

/// <summary>Reads one event from JSON and says in plain words what is wrong with it. Pure; unknown members are ignored.</summary>
internal sealed class UsageEventParser(UsageOptions options)
{
    private const int ReferenceLengthMax = 255;

    // The price book begins here: nothing older can be rated.
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string Services = string.Join(", ", ServiceCodes.Usage.Order(StringComparer.Ordinal));

    /// <summary>Exactly one of the two results is null.</summary>
    public (UsageEvent? Event, UsageFault? Fault) Parse(JsonElement json, DateTimeOffset now)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, UsageFault.NotAnObject);
        }

        var service = TextOf(json, "service") ?? "";
        var quantity = 0m;
        var reference = TextOf(json, "reference_id") ?? "";
        DateTimeOffset? occurredAt = null;
        string? metadata = null;
        var fault = CheckService(service)
            ?? CheckQuantity(json, out quantity) ?? CheckWhole(service, quantity)
            ?? CheckReference(reference)
            ?? CheckOccurredAt(json, now, out occurredAt)
            ?? CheckMetadata(json, out metadata);
        return fault is null ? (new UsageEvent(service, quantity, reference, occurredAt, metadata), null) : (null, fault);
    }

    /// <summary>The event's reference even when the rest is wrong, so that the caller can tell which one it was.</summary>
    public static string? ReferenceOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? TextOf(json, "reference_id") : null;

    /// <summary>Null unless the member is a string of valid Unicode.</summary>
    internal static string? TextOf(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    internal UsageFault? CheckService(string service) =>
        ServiceCodes.Usage.Contains(service) ? null : UsageFault.UnknownService(Services);

    internal UsageFault? CheckQuantity(JsonElement json, out decimal quantity, bool mayBeZero = false)
    {
        quantity = 0;
        if (!json.TryGetProperty("quantity", out var member) || member.ValueKind != JsonValueKind.Number
            || !member.TryGetDecimal(out quantity))
        {
            return UsageFault.Quantity("quantity must be a number.");
        }

        if (quantity < 0 || (quantity == 0 && !mayBeZero) || quantity > options.QuantityMax)
        {
            return UsageFault.Quantity(string.Create(
                CultureInfo.InvariantCulture, $"quantity must be greater than 0 and at most {options.QuantityMax}."));
        }

        return null;
    }

    internal static UsageFault? CheckWhole(string service, decimal quantity) =>
        ServiceCodes.TakesFractions(service) || decimal.IsInteger(quantity)
            ? null
            : UsageFault.Quantity($"quantity of {service} must be a whole number.");

    internal UsageFault? CheckReference(string reference) =>
        string.IsNullOrWhiteSpace(reference) ? UsageFault.ReferenceId("reference_id is required: your own id of the event.")
        : reference.Length > ReferenceLengthMax ? UsageFault.ReferenceId($"reference_id must be at most {ReferenceLengthMax} characters.")
        : reference.Any(char.IsControl) ? UsageFault.ReferenceId("reference_id must not contain control characters.")
        : null;

    private UsageFault? CheckOccurredAt(JsonElement json, DateTimeOffset now, out DateTimeOffset? occurredAt)
    {
        occurredAt = null;
        if (!json.TryGetProperty("occurred_at", out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.String || !TryReadTime(member, out var at))
        {
            return UsageFault.OccurredAt("occurred_at must be a time like 2026-12-01T09:30:00Z.");
        }

        if (at < Earliest || at > now.AddDays(options.DaysAheadMax))
        {
            return UsageFault.OccurredAt($"occurred_at must not be before 2000 nor more than {options.DaysAheadMax} days ahead.");
        }

        occurredAt = at.ToUniversalTime();
        return null;
    }

    // A time without an offset is UTC, wherever this server stands.
    private static bool TryReadTime(JsonElement member, out DateTimeOffset at)
    {
        if (member.TryGetDateTime(out var time) && time.Kind == DateTimeKind.Unspecified)
        {
            at = new DateTimeOffset(time, TimeSpan.Zero);
            return true;
        }

        return member.TryGetDateTimeOffset(out at);
    }

    private UsageFault? CheckMetadata(JsonElement json, out string? metadata)
    {
        metadata = null;
        if (!json.TryGetProperty("metadata", out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            return UsageFault.Metadata("metadata must be a JSON object.");
        }

        var text = member.GetRawText();
        if (text.Length > options.MetadataLengthMax)
        {
            return UsageFault.Metadata($"metadata must be at most {options.MetadataLengthMax} characters of JSON.");
        }

        metadata = text;
        return null;
    }
}
