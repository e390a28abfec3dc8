using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Messaging;

/// <summary>What is counted of messages; never a text or a number.</summary>
internal static class SmsMetrics
{
    private static readonly Counter<long> States = Telemetry.Meter.CreateCounter<long>(
        "billing.sms.messages", description: "Messages that reached a state");

    private static readonly Counter<long> Refusals = Telemetry.Meter.CreateCounter<long>(
        "billing.sms.refusals", description: "Sends refused before anything was held, by code");

    private static readonly Counter<long> Lookups = Telemetry.Meter.CreateCounter<long>(
        "billing.sms.lookups", description: "Messages looked up at the provider, by what was found");

    public static void Zero() => States.Zero("state", "sent", "delivered", "undelivered", "failed", "refused");

    public static void Moved(SmsState state) => States.Add(1, new KeyValuePair<string, object?>("state", TextCodes.Of(state)));

    public static void RefusedHere(string code) => Refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void LookedUp(string found) => Lookups.Add(1, new KeyValuePair<string, object?>("found", found));
}
