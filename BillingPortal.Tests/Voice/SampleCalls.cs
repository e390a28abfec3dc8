using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Webhooks;
using BillingPortal.Voice;

namespace BillingPortal.Tests.Voice;

/// <summary>Calls of every state and length, for looking at.</summary>
internal static class SampleCalls
{
    private static readonly (string From, string To, CallDirection Direction, CallStatus Status, int? Seconds)[] Kinds =
    [
        ("+12025550123", "+14155550100", CallDirection.Inbound, CallStatus.InProgress, null),
        ("+12025550141", "+14155550100", CallDirection.Inbound, CallStatus.Completed, 61),
        ("+14155550100", "+12025550177", CallDirection.Outbound, CallStatus.Completed, 3725),
        ("+14155550100", "+12025550190", CallDirection.Outbound, CallStatus.NoAnswer, null),
        ("sip:reception@switchboard.very-long-name.example.org", "+14155550100", CallDirection.Inbound, CallStatus.Completed, 9),
        ("client:מוקד", "+14155550100", CallDirection.Inbound, CallStatus.Failed, null),
        ("+14155550100", "+12025550155", CallDirection.Outbound, CallStatus.Busy, null),
    ];

    /// <summary>The newest first, an hour apart.</summary>
    public static async Task AddAsync(Database database, Guid tenantId, int count, DateTimeOffset now)
    {
        await using var unit = await database.BeginOpsAsync();
        for (var number = 0; number < count; number++)
        {
            var (from, to, direction, status, seconds) = Kinds[number % Kinds.Length];
            var startedAt = now.AddHours(-number);
            unit.Db.Add(new VoiceCall
            {
                CallSid = TwilioPortal.NewSid("CA"),
                TenantId = tenantId,
                FromNumber = from,
                ToNumber = to,
                Direction = direction,
                Status = status,
                MeasuredSeconds = seconds,
                BilledSeconds = (seconds + 59) / 60 * 60,
                Charge = seconds is not null ? CallCharge.Charged : status.IsEnd() ? CallCharge.NotCharged : CallCharge.Open,
                Unit = seconds is null ? null : Unit.Credits,
                AmountE4 = (seconds + 59) / 60 * 25 * Amount.Scale,
                HoldId = seconds > 60 ? Ids.New() : null,
                EntrySeq = seconds is null ? null : number + 1,
                StartedAt = startedAt,
                EndedAt = status.IsEnd() ? startedAt.AddSeconds(seconds ?? 0) : null,
            });
        }

        await unit.CommitAsync();
    }
}
