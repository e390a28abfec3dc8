using System.Text.RegularExpressions;
using BillingPortal.Data;
using BillingPortal.Messaging;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Webhooks;

/// <summary>
/// Takes Twilio's calls: signature against our own address, what the address needs, one row, then yes. Nothing of a
/// refused call is kept.
/// </summary>
internal sealed partial class TwilioReceiver(
    TwilioRequestCheck check, WebhookReceiver receiver, InboundSmsAnswer inbound, TimeProvider time)
{
    public const string InboundSms = "sms.inbound";
    public const string SmsStatus = "sms.status";
    public const string VoiceStatus = "voice.status";

    /// <summary>Checks and keeps one call as an event of the given type. The reply is to a message that came in.</summary>
    public async Task<(TwilioOutcome Outcome, InboundReply? Reply)> ReceiveAsync(
        string type, TwilioRequest request, CancellationToken cancellationToken)
    {
        var (outcome, form) = check.Read(request);
        if (form is null)
        {
            receiver.Refuse(WebhookInbox.Twilio, TextCodes.Of(outcome), request.Body.Length);
            return (TwilioOutcome.NotTwilios, null);
        }

        if (EventOf(type, form) is not var (id, objectId))
        {
            receiver.Refuse(WebhookInbox.Twilio, "incomplete", request.Body.Length);
            return (TwilioOutcome.Incomplete, null);
        }

        var arrived = new ArrivedEvent(id, type, objectId, time.GetUtcNow(), form.ToBody());
        if (type == InboundSms)
        {
            return (TwilioOutcome.Kept, await inbound.KeepAsync(arrived, form, cancellationToken));
        }

        await receiver.StoreAsync(WebhookInbox.Twilio, arrived, cancellationToken);
        return (TwilioOutcome.Kept, null);
    }

    /// <summary>The event's id and what it is about. Null: without it, nothing could ever be done about the event.</summary>
    private static (string Id, string ObjectId)? EventOf(string type, TwilioForm form)
    {
        var isCall = type == VoiceStatus;
        var sid = form.Text(isCall ? "CallSid" : "MessageSid");
        if (sid is null || !(isCall ? CallSid() : MessageSid()).IsMatch(sid))
        {
            return null;
        }

        if (type == InboundSms)
        {
            return form.Text("From") is { Length: > 0 } && form.Text("To") is { Length: > 0 }
                && form.Text("Body") is not null ? (sid, sid) : null;
        }

        var status = form.Text(isCall ? "CallStatus" : "MessageStatus");
        return status is not null && Word().IsMatch(status) ? ($"{sid}:{status}", sid) : null;
    }

    [GeneratedRegex("^(SM|MM)[0-9a-fA-F]{32}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex MessageSid();

    [GeneratedRegex("^CA[0-9a-fA-F]{32}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CallSid();

    // Twilio adds words without notice: one that we do not know is kept, and changes nothing.
    [GeneratedRegex("^[a-z][a-z_-]{0,31}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

/// <summary>What became of a call of Twilio's.</summary>
internal enum TwilioOutcome
{
    /// <summary>Now or before.</summary>
    Kept,

    /// <summary>Not signed by Twilio for us.</summary>
    NotTwilios,

    /// <summary>Signed, but without what the address needs.</summary>
    Incomplete,
}
