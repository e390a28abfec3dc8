using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Payments;

namespace BillingPortal.Webhooks;

/// <summary>What became of a call to a webhook address.</summary>
public enum ReceiveOutcome
{
    Stored,
    Known,
    Refused,
}

/// <summary>
/// What all providers' calls have in common: a believed event becomes one row and wakes the drain, a refused body is
/// counted and kept nowhere.
/// </summary>
public sealed partial class WebhookReceiver(WebhookInbox inbox, InboxDrain drain, ILogger<WebhookReceiver> logger)
{
    private static readonly Counter<long> Received = Telemetry.Meter.CreateCounter<long>(
        "billing.webhooks.received", description: "Calls to webhook addresses by outcome");

    internal static void Zero()
    {
        foreach (var provider in new[] { WebhookInbox.Stripe, WebhookInbox.Twilio, WebhookInbox.Resend })
        {
            foreach (var outcome in new[] { "stored", "known", "invalid_signature" })
            {
                Received.Add(0, new KeyValuePair<string, object?>("provider", provider), new("outcome", outcome));
            }
        }
    }

    /// <summary>Call it with the signature checked. Durable when this returns; the drain works the row off.</summary>
    public async Task<ReceiveOutcome> StoreAsync(
        string provider, ArrivedEvent arrived, CancellationToken cancellationToken)
    {
        var isNew = await inbox.StoreAsync(provider, arrived, EventSource.Webhook, cancellationToken);
        Count(provider, isNew ? "stored" : "known");
        if (!isNew)
        {
            return ReceiveOutcome.Known;
        }

        drain.Wake();
        return ReceiveOutcome.Stored;
    }

    /// <summary>The same for an event that the caller deals with while the provider waits. Null: it is known.</summary>
    internal async Task<ClaimedEvent?> StoreClaimedAsync(
        string provider, ArrivedEvent arrived, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claimed = await inbox.StoreClaimedAsync(provider, arrived, lease, cancellationToken);
        Count(provider, claimed is null ? "known" : "stored");
        return claimed;
    }

    /// <param name="reason">A word of a closed set, such as <c>forged</c>; never anything from the call itself.</param>
    public ReceiveOutcome Refuse(string provider, string reason, int bytes)
    {
        Count(provider, reason);
        LogRefused(logger, provider, bytes, reason);
        return ReceiveOutcome.Refused;
    }

    private static void Count(string provider, string outcome) => Received.Add(
        1, new KeyValuePair<string, object?>("provider", provider), new("outcome", outcome));

    [LoggerMessage(LogLevel.Warning, "A webhook of {Provider} with {Bytes} bytes was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string provider, int bytes, string reason);
}

/// <summary>Takes Stripe's calls: signature over the raw bytes, one row, then yes.</summary>
public sealed class StripeReceiver(StripeSignature signature, WebhookReceiver receiver)
{
    public Task<ReceiveOutcome> ReceiveAsync(string? signatureHeader, byte[] body, CancellationToken cancellationToken)
    {
        var (outcome, arrived) = signature.Read(signatureHeader, body);
        return arrived is null
            ? Task.FromResult(receiver.Refuse(WebhookInbox.Stripe, TextCodes.Of(outcome), body.Length))
            : receiver.StoreAsync(WebhookInbox.Stripe, ArrivedEvent.From(arrived), cancellationToken);
    }
}
