using System.Globalization;
using BillingPortal.Pricing;
using BillingPortal.Usage;

namespace BillingPortal.Voice;

/// <summary>From a call's seconds to what the price book rates, and back. Pure.</summary>
internal static class CallUse
{
    private const decimal SecondsPerMinute = 60;

    /// <summary>Exact minutes: whether a started one counts as whole is the price's own word.</summary>
    public static UsageEvent Of(CallNews news, int seconds) => new(
        ServiceCodes.Voice, seconds / SecondsPerMinute, news.CallSid, news.OccurredAt,
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"measuredSeconds":{{seconds}},"direction":"{{(news.Direction is CallDirection.Inbound ? "inbound" : "outbound")}}"}"""))
    {
        MeasuredSeconds = seconds,
    };

    public static int Seconds(decimal minutes) =>
        decimal.ToInt32(decimal.Round(minutes * SecondsPerMinute, MidpointRounding.AwayFromZero));
}
