namespace BillingPortal.Messaging;

/// <summary>How a tenant's messages are handled. Without a row: the defaults of <c>Messaging:*</c>.</summary>
public sealed class SmsSettings
{
    public required Guid TenantId { get; init; }

    /// <summary>ISO 3166 codes it may send to; null: the default list.</summary>
    public string[]? Countries { get; set; }

    /// <summary>Answered to every inbound message that is no keyword; null: no reply.</summary>
    public string? AutoReply { get; set; }

    /// <summary>Messages a minute at most; null: the default.</summary>
    public int? PerMinuteMax { get; set; }
}
