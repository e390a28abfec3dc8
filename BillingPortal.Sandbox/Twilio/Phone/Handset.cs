using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Callbacks;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Twilio.Numbers;

namespace BillingPortal.Sandbox.Twilio.Phone;

/// <summary>The phone in somebody's hand: writes to an owned number, and Twilio passes it on.</summary>
internal sealed class Handset(SandboxTime time, TwilioSettings settings, TwilioCallbacks callbacks)
{
    private const decimal InboundPriceUsd = 0.0079m;

    public SmsMessage Write(Change change, OwnedNumber number, string handset, string body, IReadOnlyList<string> media)
    {
        var now = time.GetUtcNow();
        var segments = Segments.Count(body);
        var message = change.Put(new SmsMessage
        {
            Id = TwilioIds.New(media.Count > 0 ? "MM" : "SM"),
            From = handset,
            To = number.PhoneNumber,
            Body = body,
            Direction = SmsDirection.Inbound,
            Status = SmsStatus.Received,
            Segments = segments,
            Media = media.Count,
            Price = -InboundPriceUsd * segments,
            CreatedAt = now,
            UpdatedAt = now,
            SentAt = now,
        });
        var keyword = media.Count > 0 ? null : Keyword.Of(body);
        if (keyword is not null)
        {
            Obey(change, message, keyword);
        }

        if (number.SmsUrl.Length > 0)
        {
            callbacks.PassOn(change, message, number.SmsUrl, media, settings.AdvancedOptOut ? keyword : null);
        }

        return message;
    }

    /// <summary>Blocks or unblocks the pair and answers on the account's behalf.</summary>
    private void Obey(Change change, SmsMessage message, string keyword)
    {
        var isOut = OptOut.Blocks(change, message.To, message.From);
        switch (keyword)
        {
            case Keyword.Stop when !isOut:
                OptOut.Put(change, message.To, message.From, isOut: true);
                Answer(change, message, Keyword.StopReply);
                break;
            case Keyword.Start when isOut:
                OptOut.Put(change, message.To, message.From, isOut: false);
                Answer(change, message, Keyword.StartReply);
                break;
            case Keyword.Help:
                Answer(change, message, Keyword.HelpReply);
                break;
        }
    }

    private void Answer(Change change, SmsMessage message, string text)
    {
        var now = time.GetUtcNow();
        change.Put(MessageEndpoints.Outgoing(message.To, message.From, text, SmsDirection.Reply, now) with
        {
            Status = SmsStatus.Delivered,
            SentAt = now,
            IsTwilios = true,
        });
    }
}
