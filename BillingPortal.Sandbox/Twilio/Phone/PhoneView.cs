using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Callbacks;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Twilio.Numbers;
using BillingPortal.Sandbox.Twilio.Voice;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Sandbox.Twilio.Phone;

/// <summary>What the control page's phone shows: the numbers, one conversation, calls, switches and errors.</summary>
internal static class PhoneView
{
    private const int LookedAtMax = 5_000;
    private const int ShownMax = 60;
    private const int PeopleMax = 12;
    private const int NumbersMax = 200;

    public static Ok<PhoneAnswer> Read(string? number, string? handset, World world, TwilioSettings settings) =>
        TypedResults.Ok(world.Run(change =>
        {
            var latest = change.NewestFirst<SmsMessage>().Take(LookedAtMax).ToList();
            return new PhoneAnswer(
                PhoneSettings.Of(settings),
                [.. change.NewestFirst<OwnedNumber>().Where(one => !one.IsReleased).Take(NumbersMax).Select(NumberRow.Of)],
                [.. latest.Where(one => number is null || Number(one) == number)
                    .Select(Handset).Distinct().Take(PeopleMax)],
                [.. latest.Where(one => Number(one) == number && Handset(one) == handset)
                    .Take(ShownMax).Reverse().Select(PhoneMessage.Of)],
                number is not null && handset is not null && OptOut.Blocks(change, number, handset),
                [.. change.NewestFirst<PhoneCall>().Take(ShownMax).Select(PhoneCallView.Of)],
                [.. change.NewestFirst<DebuggerAlert>().Take(ShownMax)],
                [.. TestNumbers.Endings.Select(one => new TestNumber(one.Key, one.Value))]);
        }));

    private static string Number(SmsMessage message) =>
        message.Direction == SmsDirection.Inbound ? message.To : message.From;

    private static string Handset(SmsMessage message) =>
        message.Direction == SmsDirection.Inbound ? message.From : message.To;
}

/// <summary>The phone's data.</summary>
internal sealed record PhoneAnswer(
    PhoneSettings Settings, IReadOnlyList<NumberRow> Numbers, IReadOnlyList<string> Handsets,
    IReadOnlyList<PhoneMessage> Messages, bool IsOptedOut, IReadOnlyList<PhoneCallView> Calls,
    IReadOnlyList<DebuggerAlert> Alerts, IReadOnlyList<TestNumber> TestNumbers);

/// <summary>The switches in force.</summary>
internal sealed record PhoneSettings(
    double SentSeconds, double FinalSeconds, bool AdvancedOptOut, bool EarlyCallbacks, bool SendingCallbacks,
    IReadOnlyList<FateRule> Fates)
{
    public static PhoneSettings Of(TwilioSettings settings) => new(
        settings.SentSeconds, settings.FinalSeconds, settings.AdvancedOptOut, settings.EarlyCallbacks,
        settings.SendingCallbacks, settings.Fates);
}

/// <summary>A number that the account owns.</summary>
internal sealed record NumberRow(
    string Sid, string PhoneNumber, string FriendlyName, string SmsUrl, string VoiceUrl, string StatusCallback,
    bool IsForSms)
{
    public static NumberRow Of(OwnedNumber number) => new(
        number.Id, number.PhoneNumber, number.FriendlyName, number.SmsUrl, number.VoiceUrl, number.StatusCallback,
        number.IsForSms);
}

/// <summary>A message as the handset shows it.</summary>
internal sealed record PhoneMessage(
    string Sid, string From, string To, string Body, string Direction, string Status, int Segments, int? ErrorCode,
    bool IsTwilios, DateTimeOffset At)
{
    public static PhoneMessage Of(SmsMessage message) => new(
        message.Id, message.From, message.To, message.Body, message.Direction, message.Status, message.Segments,
        message.ErrorCode, message.IsTwilios, message.CreatedAt);
}

/// <summary>A call in the list.</summary>
internal sealed record PhoneCallView(
    string Sid, string From, string To, string Direction, string Status, int? DurationSeconds, bool IsOver,
    DateTimeOffset At)
{
    public static PhoneCallView Of(PhoneCall call) => new(
        call.Id, call.From, call.To, call.Direction, call.Status, call.DurationSeconds, call.IsOver, call.CreatedAt);
}

/// <summary>A number's last four digits and what becomes of messages to it.</summary>
internal sealed record TestNumber(string Ending, Fate Fate);
