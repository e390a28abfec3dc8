using System.Globalization;
using BillingPortal.Components.Shared;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Voice;

/// <summary>Calls in the words of the portal. Pure.</summary>
internal static class VoiceTexts
{
    /// <summary>As people say it, exact to the second: <c>1 h 02 min 05 s</c>, <c>1 min 01 s</c>, <c>9 s</c>.</summary>
    public static string Duration(long seconds)
    {
        var (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours} h {minutes:00} min {rest:00} s")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes} min {rest:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{rest} s");
    }

    public static string Direction(CallDirection direction) => direction switch
    {
        CallDirection.Inbound => "Incoming",
        CallDirection.Outbound => "Outgoing",
    };

    /// <summary>One short word and its colour. A call can have ended and not be settled yet.</summary>
    public static (string Text, StatusTone Tone) State(VoiceCall call) => (call.Charge, call.Status) switch
    {
        (CallCharge.Charged, _) => ("Completed", StatusTone.Good),
        (_, CallStatus.Queued or CallStatus.Ringing) => ("Ringing", StatusTone.Info),
        (_, CallStatus.InProgress) => ("In progress", StatusTone.Info),
        (CallCharge.Open, CallStatus.Completed) => ("Being settled", StatusTone.Info),
        (_, CallStatus.Completed) => ("No charge", StatusTone.Neutral),
        (_, CallStatus.Busy) => ("Busy", StatusTone.Neutral),
        (_, CallStatus.NoAnswer) => ("No answer", StatusTone.Neutral),
        (_, CallStatus.Canceled) => ("Cancelled", StatusTone.Neutral),
        (_, CallStatus.Failed) => ("Failed", StatusTone.Warning),
        _ => (call.Status.ToString(), StatusTone.Neutral),
    };

    /// <summary>Why it cost what it cost, in one sentence.</summary>
    public static string Explain(VoiceCall call) => call switch
    {
        { Charge: CallCharge.Open } => "It is charged once, when it has ended.",
        { Charge: CallCharge.NotCharged } => "It did not take place, so nothing was charged and nothing is reserved for it.",
        { AmountE4: 0 } => "Calls cost nothing at your price.",
        { MeasuredSeconds: { } measured, BilledSeconds: { } billed } when measured != billed =>
            $"Measured {measured} s, billed {billed} s: started minutes count as whole ones.",
        { MeasuredSeconds: { } measured, BilledSeconds: { } billed } => $"Measured {measured} s, billed {billed} s.",
        _ => "Charged as it was reported.",
    };
}
