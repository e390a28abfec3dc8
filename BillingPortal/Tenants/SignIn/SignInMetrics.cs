using System.Diagnostics.Metrics;
using BillingPortal.Kernel;

namespace BillingPortal.Tenants.SignIn;

/// <summary>Sign-ins with a password, counted by what came of them; never by whom.</summary>
internal static class SignInMetrics
{
    private static readonly Counter<long> SignIns = Telemetry.Meter.CreateCounter<long>(
        "billing.sign_ins", "{attempt}", "Sign-ins by outcome; throttled: more attempts in a minute than are looked at");

    public static void Zero() => SignIns.Zero("outcome", "succeeded", "second_step", "failed", "locked", "throttled");

    public static void Came(string outcome) => SignIns.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
