namespace BillingPortal.Messaging;

/// <summary>One step of a message's life as it became known here: the timeline people see.</summary>
public sealed class SmsStep
{
    public required Guid MessageId { get; init; }

    public required SmsState State { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>When we learned of it, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    public int? ErrorCode { get; init; }
}
