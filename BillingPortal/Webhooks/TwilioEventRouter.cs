using BillingPortal.Providers.Sms;
using BillingPortal.Voice;

namespace BillingPortal.Webhooks;

/// <summary>
/// From a kept call of Twilio's to the one service method it is for. Unlike Stripe's, the parameters themselves are the
/// news: they were signed, and the services move forward only.
/// </summary>
internal sealed class TwilioEventRouter(VoiceCallService calls, TimeProvider time) : IEventRouter
{
    public async Task<EventState> RouteAsync(ClaimedEvent claimed, CancellationToken cancellationToken)
    {
        var form = TwilioForm.Parse(claimed.Body)
            ?? throw new InvalidOperationException("What was kept of the call cannot be read.");
        return claimed.Type switch
        {
            TwilioReceiver.VoiceStatus when TwilioNews.Call(form, time.GetUtcNow()) is { } news =>
                await calls.SettleAsync(news, cancellationToken) is CallOutcome.UnknownCall
                    ? EventState.Ignored
                    : EventState.Handled,
            _ => EventState.Ignored,
        };
    }
}
