namespace BillingPortal.TenantWebhooks.Endpoints;

/// <summary>What a person asks for.</summary>
/// <param name="Events">Codes; of no matter where all are wanted.</param>
public sealed record EndpointWish(string? Url, string? Description, bool AllEvents, IReadOnlyCollection<string> Events);

/// <summary>How a change of endpoints or deliveries ended.</summary>
public enum EndpointOutcome
{
    Done = 1,

    /// <summary>The result says what is wrong with the address.</summary>
    BadAddress,
    DescriptionTooLong,
    NoEvents,
    TooMany,

    /// <summary>The tenant has no such endpoint or delivery, or no longer.</summary>
    NotThere,

    /// <summary>The person's role does not allow it, or no longer.</summary>
    NotAllowed,

    /// <summary>Nothing is sent to a disabled endpoint.</summary>
    Disabled,

    /// <summary>The hour's tests are used up.</summary>
    TooManyTests,

    /// <summary>It waits for a try already.</summary>
    Waiting,
}

/// <summary>The outcome with what belongs to it.</summary>
/// <param name="Secret">The only moment at which it is known in clear.</param>
/// <param name="Fault">With <see cref="EndpointOutcome.BadAddress"/>, in words for people.</param>
/// <param name="Count">Deliveries that are sent again.</param>
public sealed record EndpointResult(
    EndpointOutcome Outcome, Guid? Id = null, string? Secret = null, string? Fault = null, int Count = 0);
