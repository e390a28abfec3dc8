using BillingPortal.Alerts;
using BillingPortal.Providers.Email;

namespace BillingPortal.Webhooks;

/// <summary>
/// From Resend's event to the one method that keeps the mail log. Types that mean nothing here are ignored.
/// </summary>
internal sealed class ResendEventRouter(DeliveryService deliveries) : IEventRouter
{
    public async Task<EventState> RouteAsync(ClaimedEvent claimed, CancellationToken cancellationToken) =>
        ResendEvent.Parse(claimed.Body) is { } news && await deliveries.ApplyAsync(news, cancellationToken)
            ? EventState.Handled
            : EventState.Ignored;
}
