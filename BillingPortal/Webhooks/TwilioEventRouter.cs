using BillingPortal.Messaging;
using BillingPortal.Providers.Sms;
using BillingPortal.Voice;

namespace BillingPortal.Webhooks;

/// <summary>
/// From a kept call of Twilio's to the one service method it is for. Unlike Stripe's, the parameters themselves are the
/// news: they were signed, and the services move forward only.
/// </summary>
internal sealed class TwilioEventRouter(
    InboundSmsService inbound, SmsStatusService statuses, VoiceCallService calls, TimeProvider time) : IEventRouter
{
    public async Task<EventState> RouteAsync(ClaimedEvent claimed, CancellationToken cancellationToken)
    {
        var form = TwilioForm.Parse(claimed.Body)
            ?? throw new InvalidOperationException("What was kept of the call cannot be read.");
        var isOurs = claimed.Type switch
        {
            // Nobody waits for an answer any more.
            TwilioReceiver.InboundSms => (await inbound.ReceiveAsync(
                TwilioNews.Inbound(form, time.GetUtcNow()), canReply: false, cancellationToken)).Outcome
                is not InboundOutcome.UnknownNumber,
            TwilioReceiver.SmsStatus when TwilioNews.Status(form) is { } news =>
                await statuses.ApplyAsync(news, cancellationToken) is not SmsNewsOutcome.UnknownMessage,
            TwilioReceiver.VoiceStatus when TwilioNews.Call(form, time.GetUtcNow()) is { } news =>
                await calls.SettleAsync(news, cancellationToken) is not CallOutcome.UnknownCall,
            _ => false,
        };
        return isOurs ? EventState.Handled : EventState.Ignored;
    }
}
