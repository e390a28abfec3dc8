using System.Globalization;
using BillingPortal.Sandbox.Twilio.Callbacks;

namespace BillingPortal.Sandbox.Webhooks;

/// <summary>Waits before the repeats of an attempt that was not taken.</summary>
internal static class WebhookRetries
{
    private const double TwilioSeconds = 0.1;
    private const int TwilioMax = 5;
    private static readonly double[] DefaultSeconds = [1, 5, 30, 120, 600, 3600];

    public static double[] For(IWebhookMessage message, WebhookAnswer answer, SandboxOptions options) =>
        message is TwilioCallback callback
            ? Twilio(callback.Url, answer)
            : options.WebhookRetrySeconds is { Length: > 0 } own ? own : DefaultSeconds;

    /// <summary>
    /// Once when nobody could be reached; the address's fragment says otherwise: <c>#rc=3&amp;rp=5xx</c> repeats three
    /// times, also on 5xx.
    /// </summary>
    private static double[] Twilio(string url, WebhookAnswer answer)
    {
        var (count, policy) = (1, "ct");
        var place = url.IndexOf('#', StringComparison.Ordinal);
        foreach (var part in place < 0 ? [] : url[(place + 1)..].Split('&'))
        {
            if (part.StartsWith("rc=", StringComparison.Ordinal)
                && int.TryParse(part[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
            {
                count = Math.Min(wanted, TwilioMax);
            }
            else if (part.StartsWith("rp=", StringComparison.Ordinal))
            {
                policy = part[3..];
            }
        }

        return Repeats(policy.Split(','), answer) ? [.. Enumerable.Repeat(TwilioSeconds, count)] : [];
    }

    private static bool Repeats(string[] policies, WebhookAnswer answer) => answer.Status switch
    {
        null => policies.Any(one => one is "ct" or "rt" or "all"),
        >= 400 and < 500 => policies.Any(one => one is "4xx" or "all"),
        >= 500 => policies.Any(one => one is "5xx" or "all"),
        _ => false,
    };
}
