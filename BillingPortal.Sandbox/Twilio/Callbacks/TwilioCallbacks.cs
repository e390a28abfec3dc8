using System.Globalization;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Api;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary>Writes Twilio's requests within the change that causes them.</summary>
internal sealed class TwilioCallbacks(WebhookSettings settings, WebhookOutbox outbox)
{
    public const string StatusType = "sms.status";

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

        Enqueue(change, $"{StatusType}.{message.Status}", url, message.Id, parameters);
    }

    public void Enqueue(
        Change change, string type, string url, string subject, List<KeyValuePair<string, string>> parameters)
    {
        var callback = new TwilioCallback
        {
            Id = Guid.CreateVersion7().ToString(),
            Type = type,
            Url = url,
            Parameters = parameters,
            Subject = subject,
        };
        var rule = settings.Take(type);
        outbox.Enqueue(change, callback, rule);
        if (rule?.Mode == WebhookMode.Twin)
        {
            outbox.Enqueue(change, callback with { Id = Guid.CreateVersion7().ToString() }, null);
        }
    }
}
