namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>Waits for its first or next try.</summary>
    Pending = 1,
    Delivered,

    /// <summary>Every try failed.</summary>
    Failed,

    /// <summary>The endpoint was disabled: not tried, or not any more.</summary>
    Skipped,
}

/// <summary>An event that endpoints are told of. The body is sent as it stands here, byte for byte.</summary>
public sealed class WebhookMessage
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public required string Type { get; init; }

    public required string Body { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One event for one endpoint. Holds at every commit: an endpoint has at most one delivery of an event.</summary>
public sealed class WebhookDelivery
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public Guid EndpointId { get; init; }

    public Guid MessageId { get; init; }

    public DeliveryState State { get; set; } = DeliveryState.Pending;

    /// <summary>Tries begun since it was made or replayed.</summary>
    public int Tries { get; set; }

    public DateTimeOffset DueAt { get; set; }

    /// <summary>Leases run on the database's clock.</summary>
    public Guid? LeaseId { get; set; }

    public DateTimeOffset? LeasedUntil { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Of the last try: the answer's status, null without an answer.</summary>
    public int? LastStatus { get; set; }

    public string? LastError { get; set; }

    public int? LastMilliseconds { get; set; }
}

/// <summary>One try, as it went.</summary>
public sealed class DeliveryAttempt
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public Guid DeliveryId { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Null without an answer.</summary>
    public int? Status { get; init; }

    public int Milliseconds { get; init; }

    /// <summary>In words for people; null when it was delivered.</summary>
    public string? Error { get; init; }

    /// <summary>The beginning of the answer's body, 1 KB at most.</summary>
    public string? Answer { get; init; }
}
