namespace BillingPortal.Webhooks;

/// <summary>
/// One provider's events, from their type to the one service method that deals with them. Registered under the
/// provider's name in the inbox. It decides nothing itself; the same event may be routed again.
/// </summary>
internal interface IEventRouter
{
    /// <summary>What became of the event; a failure is thrown, and the drain tries again later.</summary>
    Task<EventState> RouteAsync(ClaimedEvent claimed, CancellationToken cancellationToken);
}
