using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Providers.Sms;
using BillingPortal.Usage;
using BillingPortal.Voice;

namespace BillingPortal.Demo;

/// <summary>
/// The newest calls of the made-up tenants as the phone network tells of them, after a program has reported what they
/// took: charged once, listed with both. Some calls in between come to nothing.
/// </summary>
public sealed class DemoCalls(VoiceCallService calls)
{
    private const int MissedEvery = 6;
    private static readonly CallStatus[] Missed = [CallStatus.NoAnswer, CallStatus.Busy, CallStatus.NoAnswer];

    internal async Task TellAsync(DemoTenant demo, IEnumerable<UsageEvent> events, CancellationToken cancellationToken)
    {
        var own = DemoNumbers.Of(demo)[0].Wish.Number;
        foreach (var (one, number) in events.Where(one => one.Service == ServiceCodes.Voice).Select((one, at) => (one, at)))
        {
            var news = new CallNews(
                one.ReferenceId, CallStatus.Completed, own, PeerOf(one), CallDirection.Outbound,
                (int)decimal.Round(one.Quantity * 60), one.OccurredAt!.Value);
            await calls.SettleAsync(news, cancellationToken);
            if (number % MissedEvery == 0)
            {
                var missed = news with
                {
                    CallSid = "CA" + Ids.FromName("missed", one.ReferenceId).ToString("N"),
                    Status = Missed[number / MissedEvery % Missed.Length],
                    DurationSeconds = null,
                    OccurredAt = news.OccurredAt.AddSeconds(-95),
                };
                await calls.SettleAsync(missed, cancellationToken);
            }
        }
    }

    private static string PeerOf(UsageEvent one) =>
        JsonElement.Parse(one.Metadata!).TryGetProperty("to", out var to) ? to.GetString()! : "+12025550100";
}
