namespace BillingPortal.TenantWebhooks.Endpoints;

/// <summary>Whether an endpoint is told of events.</summary>
public enum EndpointState
{
    Enabled = 1,
    Disabled,
}

/// <summary>Why an endpoint is not told.</summary>
public enum DisableReason
{
    ByHand = 1,

    /// <summary>Days of nothing but failure.</summary>
    Failing,

    /// <summary>It answered 410 Gone.</summary>
    Gone,
}

/// <summary>
/// An address of a tenant that is told of events. Holds at every commit: a disabled one has a reason and nothing waits
/// for it; its secrets stand here encrypted only.
/// </summary>
public sealed class WebhookEndpoint
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public required string Url { get; set; }

    public string Description { get; set; } = "";

    /// <summary>Codes of the events that it is told of; empty: all, those of later versions too.</summary>
    public string[] Events { get; set; } = [];

    public EndpointState State { get; set; } = EndpointState.Enabled;

    public DisableReason? DisabledReason { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Encrypted with the portal's own keys.</summary>
    public required string Secret { get; set; }

    /// <summary>The one before, encrypted; messages are signed with both until it ends.</summary>
    public string? OldSecret { get; set; }

    public DateTimeOffset? OldSecretUntil { get; set; }

    /// <summary>Nothing but failures since then; null: the last try went through, or there was none.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? LastFailureAt { get; set; }

    /// <summary>Its last answer was slow or none: it waits among its like, and delays nobody else.</summary>
    public bool IsSlow { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }
}
