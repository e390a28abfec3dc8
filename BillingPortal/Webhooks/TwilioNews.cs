using System.Globalization;
using BillingPortal.Messaging;
using BillingPortal.Providers.Sms;
using BillingPortal.Voice;

namespace BillingPortal.Webhooks;

/// <summary>From Twilio's parameters to the records of the services. Reads only names it knows. Pure.</summary>
internal static class TwilioNews
{
    private const int PartyLengthMax = 100;

    public static InboundSms Inbound(TwilioForm form, DateTimeOffset now) => new(
        form.Text("MessageSid")!, form.Text("From")!, form.Text("To")!, form.Text("Body")!, form.Number("NumSegments"),
        form.Number("NumMedia") ?? 0, form.Text("OptOutType"), form.Text("FromCountry"), now);

    /// <summary>Null: of a status that is not known here.</summary>
    public static SmsStatusNews? Status(TwilioForm form) =>
        SmsStatuses.Parse(form.Text("MessageStatus")) is { } status
            ? new SmsStatusNews(
                form.Text("MessageSid")!, status, form.Number("ErrorCode"),
                Guid.TryParse(form.Text("message"), out var id) ? id : null)
            : null;

    /// <summary>Null: of a status that is not known here.</summary>
    public static CallNews? Call(TwilioForm form, DateTimeOffset now) =>
        CallStatuses.Parse(form.Text("CallStatus")) is { } status
            ? new CallNews(
                form.Text("CallSid")!, status, Party(form, "From"), Party(form, "To"),
                form.Text("Direction")?.StartsWith("outbound", StringComparison.Ordinal) is true
                    ? CallDirection.Outbound
                    : CallDirection.Inbound,
                form.Number("CallDuration"), At(form, now))
            : null;

    // A number, or the name of an app or switchboard.
    private static string Party(TwilioForm form, string name) =>
        form.Text(name) is { } party ? party[..Math.Min(party.Length, PartyLengthMax)] : "";

    private static DateTimeOffset At(TwilioForm form, DateTimeOffset now) =>
        DateTimeOffset.TryParse(
            form.Text("Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at < now
            ? at.ToUniversalTime()
            : now;
}
