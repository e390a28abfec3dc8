using System.Diagnostics;
using System.Diagnostics.Metrics;
using BillingPortal.Kernel;

namespace BillingPortal.Providers;

/// <summary>Measures each call to a provider with all its tries, and puts it into the trace.</summary>
internal static class ProviderCalls
{
    private static readonly Counter<long> Calls = Telemetry.Meter.CreateCounter<long>(
        "billing.provider.calls", "{call}", "Calls to providers by outcome; refused: a clear no, failed: no answer or a fault");

    private static readonly Histogram<double> Durations = Telemetry.Meter.CreateHistogram(
        "billing.provider.call.duration", "s", "How long calls to providers take with all their tries",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 80] });

    public static void Zero()
    {
        foreach (var provider in new[] { "stripe", "twilio", "resend" })
        {
            Calls.Add(0, new KeyValuePair<string, object?>("provider", provider), new("outcome", "failed"));
        }
    }

    /// <param name="provider">A word of a closed set.</param>
    /// <param name="method">The HTTP method.</param>
    public static async Task<T> MeasureAsync<T>(string provider, HttpMethod method, Func<Task<T>> call)
    {
        using var span = Telemetry.Step($"{provider} {method}", ActivityKind.Client);
        span?.SetTag("peer.service", provider).SetTag("http.request.method", method.Method);
        var began = Stopwatch.GetTimestamp();
        var outcome = "answered";
        try
        {
            return await call();
        }
        catch (ProviderException fault)
        {
            outcome = fault.IsRetryable || fault.IsOutcomeUnknown ? "failed" : "refused";
            span.Fail(fault);
            throw;
        }
        catch (Exception exception)
        {
            outcome = exception is OperationCanceledException ? "cancelled" : "failed";
            span.Fail(exception);
            throw;
        }
        finally
        {
            var who = new KeyValuePair<string, object?>("provider", provider);
            var what = new KeyValuePair<string, object?>("outcome", outcome);
            Calls.Add(1, who, what);
            Durations.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, who, what);
        }
    }
}
