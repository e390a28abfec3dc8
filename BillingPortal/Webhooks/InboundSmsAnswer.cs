using BillingPortal.Data;
using BillingPortal.Messaging;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Webhooks;

/// <summary>
/// Keeps a message that came in and deals with it while Twilio waits, so that its reply can stand in the answer. What
/// does not work out in time is the drain's, without a reply.
/// </summary>
internal sealed partial class InboundSmsAnswer(
    WebhookReceiver receiver, WebhookInbox inbox, InboxDrain drain, InboundSmsService messages, TimeProvider time,
    ILogger<InboundSmsAnswer> logger)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10); // Twilio waits 15
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Null: nothing is to be said. The message is kept either way.</summary>
    public async Task<InboundReply?> KeepAsync(
        ArrivedEvent arrived, TwilioForm form, CancellationToken cancellationToken)
    {
        var claimed = await receiver.StoreClaimedAsync(WebhookInbox.Twilio, arrived, Lease, cancellationToken);
        using var limit = new CancellationTokenSource(Within, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // Known ones too: when the first answer did not arrive, this one carries its reply again.
            var sms = TwilioNews.Inbound(form, arrived.OccurredAt);
            var result = await messages.ReceiveAsync(sms, canReply: true, either.Token);
            if (claimed is not null)
            {
                var isOurs = result.Outcome is not InboundOutcome.UnknownNumber;
                await inbox.EndAsync(
                    claimed, isOurs ? EventState.Handled : EventState.Ignored, error: null, CancellationToken.None);
            }

            return result.Reply;
        }
        catch (Exception exception)
        {
            LogLater(logger, arrived.Id, Faults.Describe(exception));
            if (claimed is not null)
            {
                await inbox.RetryAsync(claimed, time.GetUtcNow(), Faults.Describe(exception), CancellationToken.None);
                drain.Wake();
            }

            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Inbound message {EventId} is left to the drain: {Error}")]
    private static partial void LogLater(ILogger logger, string eventId, string error);
}
