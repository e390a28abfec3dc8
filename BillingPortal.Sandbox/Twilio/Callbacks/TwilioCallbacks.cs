using System.Globalization;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Twilio.Numbers;
using BillingPortal.Sandbox.Twilio.Voice;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary>Writes Twilio's requests within the change that causes them.</summary>
internal sealed class TwilioCallbacks(WebhookSettings settings, WebhookOutbox outbox, SandboxTime time)
{
    public const string InboundType = "sms.inbound";
    public const string CallType = "voice.answer";

    /// <summary>The message's present status, if somebody wanted to know.</summary>
    public void Tell(Change change, SmsMessage message)
    {
        if (message.StatusCallback is not { } url)
        {
            return;
        }

        List<KeyValuePair<string, string>> parameters =
        [
            new("AccountSid", SandboxOptions.TwilioAccountSid),
            new("ApiVersion", TwilioIds.Version),
            new("From", message.From),
            new("MessageSid", message.Id),
            new("MessageStatus", message.Status),
            new("SmsSid", message.Id),
            new("SmsStatus", message.Status),
            new("To", message.To),
        ];
        if (message.ErrorCode is { } code)
        {
            parameters.Add(new("ErrorCode", code.ToString(CultureInfo.InvariantCulture)));
        }

        if (message.IsFinal)
        {
            var done = message.UpdatedAt.UtcDateTime.ToString("yyMMddHHmm", CultureInfo.InvariantCulture);
            parameters.Add(new("RawDlrDoneDate", done));
        }

        Enqueue(change, $"sms.status.{message.Status}", url, message.Id, parameters);
    }

    /// <summary>A message that came in, to the web server that is to answer it.</summary>
    public void PassOn(
        Change change, SmsMessage message, string url, IReadOnlyList<string> media, string? optOutType)
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("AccountSid", SandboxOptions.TwilioAccountSid),
            new("ApiVersion", TwilioIds.Version),
            new("Body", message.Body),
            new("From", message.From),
            new("FromCity", ""),
            new("FromCountry", Stock.CountryOf(message.From)),
            new("FromState", ""),
            new("FromZip", ""),
            new("MessageSid", message.Id),
            new("NumMedia", message.Media.ToString(CultureInfo.InvariantCulture)),
            new("NumSegments", message.Segments.ToString(CultureInfo.InvariantCulture)),
            new("SmsMessageSid", message.Id),
            new("SmsSid", message.Id),
            new("SmsStatus", message.Status),
            new("To", message.To),
            new("ToCity", ""),
            new("ToCountry", Stock.CountryOf(message.To)),
            new("ToState", ""),
            new("ToZip", ""),
        ];
        foreach (var (place, address) in media.Index())
        {
            parameters.Add(new(string.Create(CultureInfo.InvariantCulture, $"MediaUrl{place}"), address));
            parameters.Add(new(string.Create(CultureInfo.InvariantCulture, $"MediaContentType{place}"), "image/jpeg"));
        }

        if (optOutType is not null)
        {
            parameters.Add(new("OptOutType", optOutType));
        }

        Enqueue(change, InboundType, url, message.Id, parameters);
    }

    /// <summary>How far a call is.</summary>
    public void Tell(Change change, PhoneCall call, DateTimeOffset at)
    {
        var parameters = Parameters(call);
        parameters.Add(new("CallbackSource", "call-progress-events"));
        parameters.Add(new("SequenceNumber", call.Sequence.ToString(CultureInfo.InvariantCulture)));
        parameters.Add(new("Timestamp", TwilioIds.Date(at)!));
        if (call.DurationSeconds is { } seconds)
        {
            parameters.Add(new("CallDuration", seconds.ToString(CultureInfo.InvariantCulture)));
            parameters.Add(new("Duration", PhoneCalls.Minutes(seconds).ToString(CultureInfo.InvariantCulture)));
        }

        Enqueue(change, $"voice.status.{call.Status}", call.StatusCallback, call.Id, parameters);
    }

    /// <summary>What to do with a call that comes in.</summary>
    public void Ask(Change change, PhoneCall call, string url) =>
        Enqueue(change, CallType, url, call.Id, Parameters(call));

    private static List<KeyValuePair<string, string>> Parameters(PhoneCall call) =>
    [
        new("AccountSid", SandboxOptions.TwilioAccountSid),
        new("ApiVersion", TwilioIds.Version),
        new("CallSid", call.Id),
        new("CallStatus", call.Status),
        new("Called", call.To),
        new("Caller", call.From),
        new("Direction", call.Direction),
        new("From", call.From),
        new("To", call.To),
    ];

    private void Enqueue(
        Change change, string type, string url, string subject, List<KeyValuePair<string, string>> parameters)
    {
        var callback = new TwilioCallback
        {
            Id = Guid.CreateVersion7().ToString(),
            Type = type,
            Url = url,
            Parameters = parameters,
            Subject = subject,
            At = time.GetUtcNow(),
        };
        var rule = settings.Take(type);
        outbox.Enqueue(change, callback, rule);
        if (rule?.Mode == WebhookMode.Twin)
        {
            outbox.Enqueue(change, callback with { Id = Guid.CreateVersion7().ToString() }, null);
        }
    }
}
