using System.Globalization;
using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Numbers;

namespace BillingPortal.Sandbox.Twilio.Messages;

/// <summary><c>/Messages</c>: send one, find one, list many.</summary>
internal static class MessageEndpoints
{
    // UTF-16 units: a letter beyond the basic plane counts two, an escaped 7-bit letter counts one.
    private const int BodyLengthMax = 1600;
    private const int MediaMax = 10;

    public static void MapMessages(this TwilioRoutes routes, MessageLife life)
    {
        routes.Post("/Messages.json", call => Send(call, life));
        routes.Get("/Messages.json", List);
        routes.Get("/Messages/{sid}.json", Find);
    }

    private static TwilioAnswer Find(TwilioCall call) => call.Find<SmsMessage>() is { IsTwilios: false } message
        ? new TwilioAnswer(200, MessageView.Of(message))
        : throw TwilioError.NotFound(call.Path);

    private static TwilioAnswer Send(TwilioCall call, MessageLife life)
    {
        var to = call.Filled("To") ?? throw TwilioError.Refused(21604, "A 'To' phone number is required.");
        if (call.Filled("MessagingServiceSid") is { } service)
        {
            throw TwilioError.Refused(21701, $"The Messaging Service {service} does not exist: the sandbox has none.");
        }

        var from = call.Filled("From") ?? throw TwilioError.Refused(21603, "A 'From' phone number is required.");
        var body = call.Text("Body") ?? "";
        var media = call.Form.TryGetValue("MediaUrl", out var urls) ? urls.Count : 0;
        if (body.Length == 0 && media == 0)
        {
            throw TwilioError.Refused(21602, "Message body is required.");
        }

        if (media > MediaMax)
        {
            throw TwilioError.Refused(21623, $"Number of media files exceeds allowed limit of {MediaMax}");
        }

        var message = life.Accept(
            call.Change, Compose(call, from, to, body) with { Media = media, StatusCallback = Callback(call) });
        call.Accepted.Add(message.Id);
        return new TwilioAnswer(201, MessageView.Of(message));
    }

    private static SmsMessage Compose(TwilioCall call, string fromText, string toText, string body)
    {
        var to = E164.Normalize(toText)
            ?? throw TwilioError.Refused(21211, $"Invalid 'To' Phone Number: {toText}");
        TestNumbers.RefuseRecipient(to);
        var from = E164.Normalize(fromText)
            ?? throw TwilioError.Refused(21212, $"Invalid 'From' Phone Number: {fromText}");
        TestNumbers.RefuseSender(from);
        if (from != TestNumbers.MagicSender && OwnedNumber.Find(call.Change, from) is not { IsForSms: true })
        {
            throw TwilioError.Refused(21606,
                $"The 'From' phone number provided ({from}) is not a valid message-capable Twilio phone number for "
                + "this destination.");
        }

        if (from == to)
        {
            throw TwilioError.Refused(21266, "'To' and 'From' number cannot be the same");
        }

        if (body.Length > BodyLengthMax)
        {
            throw TwilioError.Refused(21617, "The concatenated message body exceeds the 1600 character limit");
        }

        if (OptOut.Blocks(call.Change, from, to))
        {
            throw TwilioError.Refused(21610, "Attempt to send to unsubscribed recipient");
        }

        return Outgoing(from, to, body, SmsDirection.Api, call.Now);
    }

    public static SmsMessage Outgoing(string from, string to, string body, string way, DateTimeOffset now) => new()
    {
        Id = TwilioIds.New("SM"),
        From = from,
        To = to,
        Body = body,
        Direction = way,
        Status = SmsStatus.Queued,
        Segments = Segments.Count(body),
        CreatedAt = now,
        UpdatedAt = now,
    };

    private static string? Callback(TwilioCall call)
    {
        var address = call.Filled("StatusCallback");
        return address is null || WebAddress.IsOne(address)
            ? address
            : throw TwilioError.Refused(21609, "The 'StatusCallback' URL provided is not valid.");
    }

    private static TwilioAnswer List(TwilioCall call)
    {
        var to = call.Asked("To") is { } toText ? E164.Normalize(toText) ?? toText : null;
        var from = call.Asked("From") is { } fromText ? E164.Normalize(fromText) ?? fromText : null;
        var since = Time(call, "DateSent>");
        var until = Time(call, "DateSent<");
        var day = Time(call, "DateSent");
        return TwilioPage.Of<SmsMessage>(
            call, "messages",
            message => !message.IsTwilios
                && (to is null || message.To == to) && (from is null || message.From == from)
                && Fits(message.SentAt ?? message.CreatedAt, since, until, day),
            MessageView.Of);
    }

    private static bool Fits(DateTimeOffset sent, DateTimeOffset? since, DateTimeOffset? until, DateTimeOffset? day) =>
        (since is null || sent >= since) && (until is null || sent <= until)
        && (day is null || sent.UtcDateTime.Date == day.Value.UtcDateTime.Date);

    private static DateTimeOffset? Time(TwilioCall call, string name)
    {
        if (call.Asked(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw TwilioError.Refused(20001, $"Parameter '{name.TrimEnd('<', '>')}' is not valid: {text}");
    }
}
