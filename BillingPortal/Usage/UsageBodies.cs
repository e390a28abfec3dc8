using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace BillingPortal.Usage;

/// <summary>An event as callers write it. Read by hand (see UsageEventParser); this shape is for the description.</summary>
internal sealed record UsageEventBody(
    string Service, decimal Quantity, [property: JsonPropertyName("reference_id")] string ReferenceId,
    [property: JsonPropertyName("occurred_at")] DateTimeOffset? OccurredAt, JsonObject? Metadata = null);

/// <summary>A wish to reserve, as callers write it.</summary>
internal sealed record HoldBody(
    string Service, decimal Quantity, [property: JsonPropertyName("reference_id")] string ReferenceId,
    [property: JsonPropertyName("expires_in_seconds")] int? ExpiresInSeconds);

/// <summary>A wish to reserve more, as callers write it.</summary>
internal sealed record ExtensionBody(
    decimal Quantity, [property: JsonPropertyName("expires_in_seconds")] int? ExpiresInSeconds);

/// <summary>What was used, as callers write it.</summary>
internal sealed record QuantityBody(decimal Quantity);
