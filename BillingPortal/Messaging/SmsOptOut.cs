namespace BillingPortal.Messaging;

/// <summary>How we know that somebody wants no messages.</summary>
public enum OptOutSource
{
    /// <summary>They wrote STOP or one of its like.</summary>
    Keyword = 1,

    /// <summary>The provider refused a message with its code 21610.</summary>
    Provider,

    /// <summary>The tenant entered it.</summary>
    Manual,
}

/// <summary>Nothing is sent from this number to this peer until they write START, or the tenant takes back what it entered.</summary>
public sealed class SmsOptOut
{
    public required Guid TenantId { get; init; }

    public required string Number { get; init; }

    public required string Peer { get; init; }

    public required OptOutSource Source { get; set; }

    public required DateTimeOffset OptedOutAt { get; set; }
}
