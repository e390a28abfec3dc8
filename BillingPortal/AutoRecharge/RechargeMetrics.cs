using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.AutoRecharge;

/// <summary>What is counted of auto-recharge; never a tenant.</summary>
internal static class RechargeMetrics
{
    private static readonly Counter<long> Evaluations = Telemetry.Meter.CreateCounter<long>(
        "billing.recharges.evaluations", "{evaluation}", "Looks at a tenant's rule by what caused them and what they came to");

    private static readonly Counter<long> Attempts = Telemetry.Meter.CreateCounter<long>(
        "billing.recharges.attempts", "{attempt}", "Recharges by outcome; unknown ones are asked about again");

    public static void Zero() => Attempts.Zero("outcome", "succeeded", "failed", "requires_action", "unknown");

    public static void Evaluated(RechargeTrigger trigger, RechargeReason reason) => Evaluations.Add(
        1, new KeyValuePair<string, object?>("trigger", TextCodes.Of(trigger)), new("reason", TextCodes.Of(reason)));

    public static void Came(AttemptState state)
    {
        var outcome = state switch
        {
            AttemptState.Succeeded => "succeeded",
            AttemptState.RequiresAction => "requires_action",
            AttemptState.Declined or AttemptState.Canceled => "failed",
            AttemptState.Unknown => "unknown",
            AttemptState.Recorded or AttemptState.Charging => null,
        };
        if (outcome is not null)
        {
            Attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
