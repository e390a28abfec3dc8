using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Webhooks;

/// <summary>Something that happened at a provider and that the portal is told.</summary>
internal interface IWebhookMessage : IRecord
{
    string Provider { get; }

    string Type { get; }

    /// <summary>The body as it is sent; the same bytes on every attempt.</summary>
    string Render();

    /// <summary>Messages of one line leave one after the other; null: side by side with all others.</summary>
    string? Line => null;

    /// <summary>Where it goes; null: to its provider's place below the portal's address.</summary>
    string? Address => null;
}

/// <summary>
/// How far the telling got. Named after its message; a second copy carries <c>#2</c> behind the name.
/// </summary>
internal sealed record WebhookDelivery : IRecord
{
    public required string Id { get; init; }

    public required string MessageId { get; init; }

    public required string Provider { get; init; }

    public required string Type { get; init; }

    public string State { get; init; } = DeliveryState.Pending;

    public string? Line { get; init; }

    public int Attempts { get; init; }

    /// <summary>System time in unix milliseconds: waits stay real when the clock is moved.</summary>
    public long NextAttemptAt { get; init; }

    /// <summary>The last answer in words: a status, or why there was none.</summary>
    public string? LastAnswer { get; init; }
}

/// <summary>States of a delivery.</summary>
internal static class DeliveryState
{
    public const string Pending = "pending";
    public const string Held = "held";
    public const string Delivered = "delivered";
    public const string Failed = "failed";
    public const string Dropped = "dropped";
}
