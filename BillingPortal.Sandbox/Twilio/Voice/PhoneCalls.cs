using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Payments;
using BillingPortal.Sandbox.Twilio.Callbacks;

namespace BillingPortal.Sandbox.Twilio.Voice;

/// <summary>
/// Calls from their first ring to their end. A call ends at once, its length behind it, unless it is to go on until the
/// sandbox's clock has reached its length or somebody hangs up.
/// </summary>
internal sealed class PhoneCalls(SandboxTime time, TwilioCallbacks callbacks)
{
    private const decimal MinutePriceUsd = 0.0085m;
    private static readonly TimeSpan Ringing = TimeSpan.FromSeconds(2);

    /// <param name="change">The change it happens in.</param>
    /// <param name="call">Both numbers, its length, and who is told.</param>
    /// <param name="ending">completed, busy, no-answer, failed or canceled.</param>
    /// <param name="voiceUrl">Asked what to do with an incoming call; empty: nobody is.</param>
    /// <param name="goesOn">Whether it lasts on the sandbox's clock.</param>
    public PhoneCall Place(Change change, PhoneCall call, string ending, string voiceUrl, bool goesOn)
    {
        var isAnswered = ending == CallStatus.Completed;
        var talked = TimeSpan.FromSeconds(isAnswered && !goesOn ? call.PlannedSeconds : 0);
        call = change.Put(call with { CreatedAt = time.GetUtcNow() - talked - Ringing });
        if (call.Direction == "inbound" && voiceUrl.Length > 0)
        {
            callbacks.Ask(change, call with { Status = CallStatus.Ringing }, voiceUrl);
        }

        call = Tell(change, call with { Status = CallStatus.Initiated }, call.CreatedAt);
        if (ending != "failed")
        {
            call = Tell(change, call with { Status = CallStatus.Ringing }, call.CreatedAt);
        }

        if (!isAnswered)
        {
            return End(change, call, ending, 0);
        }

        var answeredAt = call.CreatedAt + Ringing;
        call = Tell(change, call with { Status = CallStatus.InProgress, AnsweredAt = answeredAt }, answeredAt);
        if (!goesOn)
        {
            return End(change, call, CallStatus.Completed, call.PlannedSeconds);
        }

        var dueAt = answeredAt.AddSeconds(call.PlannedSeconds).ToUnixTimeSeconds() + 1;
        change.Put(new Appointment { Id = call.Id, DueAt = dueAt });
        return call;
    }

    /// <summary>Ends a call that goes on; a call that is over stays as it is.</summary>
    public PhoneCall HangUp(Change change, PhoneCall call)
    {
        if (call.IsOver)
        {
            return call;
        }

        var talked = (int)Math.Ceiling((time.GetUtcNow() - call.AnsweredAt!.Value).TotalSeconds);
        return End(change, call, CallStatus.Completed, Math.Clamp(talked, 0, call.PlannedSeconds));
    }

    private PhoneCall End(Change change, PhoneCall call, string status, int seconds)
    {
        var endedAt = call.AnsweredAt?.AddSeconds(seconds) ?? time.GetUtcNow();
        return Tell(
            change,
            call with
            {
                Status = status,
                EndedAt = endedAt,
                DurationSeconds = seconds,
                Price = seconds > 0 ? -MinutePriceUsd * Minutes(seconds) : null,
            },
            endedAt);
    }

    private PhoneCall Tell(Change change, PhoneCall call, DateTimeOffset at)
    {
        if (call.StatusCallback.Length > 0)
        {
            callbacks.Tell(change, call, at);
        }

        return change.Put(call with { Sequence = call.Sequence + 1 });
    }

    public static int Minutes(int seconds) => (seconds + 59) / 60;
}
