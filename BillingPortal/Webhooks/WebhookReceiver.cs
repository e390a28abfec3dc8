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
/// Takes a provider's call: signature over the raw bytes, one row, then yes. A refused body is counted and kept
/// nowhere.
/// </summary>
public sealed partial class WebhookReceiver(
    StripeSignature signature, WebhookInbox inbox, InboxDrain drain, ILogger<WebhookReceiver> logger)
{
    private static readonly Counter<long> Received = Telemetry.Meter.CreateCounter<long>(
        "billing.webhooks.received", description: "Calls to webhook addresses by outcome");

    public async Task<ReceiveOutcome> ReceiveStripeAsync(
        string? signatureHeader, byte[] body, CancellationToken cancellationToken)
    {
        var (outcome, arrived) = signature.Read(signatureHeader, body);
        if (arrived is null)
        {
            Count(TextCodes.Of(outcome));
            LogRefused(logger, outcome, body.Length);
            return ReceiveOutcome.Refused;
        }

        var isNew = await inbox.StoreAsync(WebhookInbox.Stripe, arrived, EventSource.Webhook, cancellationToken);
        Count(isNew ? "stored" : "known");
        if (!isNew)
        {
            return ReceiveOutcome.Known;
        }

        drain.Wake();
        return ReceiveOutcome.Stored;
    }

    private static void Count(string outcome) => Received.Add(
        1, new KeyValuePair<string, object?>("provider", WebhookInbox.Stripe), new("outcome", outcome));

    [LoggerMessage(LogLevel.Warning, "A Stripe webhook of {Bytes} bytes was refused: {Outcome}")]
    private static partial void LogRefused(ILogger logger, SignatureOutcome outcome, int bytes);
}
