using System.Globalization;
using BillingPortal.Providers.Sms;
using BillingPortal.Voice;

namespace BillingPortal.Webhooks;

/// <summary>From Twilio's parameters to the records of the services. Reads only names it knows. Pure.</summary>
internal static class TwilioNews
{
    private const int PartyLengthMax = 100;

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
