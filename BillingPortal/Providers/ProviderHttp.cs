using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BillingPortal.Providers;

/// <summary>
/// What the clients of all providers share: how a connection is made, how a try is limited and repeated, and what a
/// missing answer is called. Which answers and failures are worth repeating is each provider's own rule.
/// </summary>
internal static class ProviderHttp
{
    /// <summary>Follows no redirect, because a webhook secret or a key must not travel; the pipeline limits the time.</summary>
    public static HttpClient Client()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null, // our traces are nobody else's; ProviderCalls has the span
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("BillingPortal/1.0"); // without one, Resend answers 403
        return http;
    }

    public static ResiliencePipeline<T> Pipeline<T>(
        TimeProvider time, double timeoutSeconds, int maxRetries, RepeatRule<T> rule)
    {
        var builder = new ResiliencePipelineBuilder<T> { TimeProvider = time };
        if (maxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<T>
            {
                MaxRetryAttempts = maxRetries,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
                {
                    { Exception: { } failure } => GaveNoAnswer(failure) && rule.Failure(failure),
                    { Result: { } answer } => rule.Answer(answer),
                    _ => false,
                }),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    rule.Delay(arguments.AttemptNumber, arguments.Outcome.Result)),
            });
        }

        return builder.AddTimeout(TimeSpan.FromSeconds(timeoutSeconds)).Build();
    }

    /// <summary>True for what the network does, as against a programmer's error or a caller who went away.</summary>
    public static bool GaveNoAnswer(Exception exception) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException;

    /// <summary>The stable word for a missing answer.</summary>
    public static string CodeOf(Exception exception) =>
        exception is TimeoutRejectedException ? "timeout" : "unreachable";

    /// <summary>True when the provider cannot have seen the call at all.</summary>
    public static bool WasNeverSent(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError,
    };
}

/// <summary>What one provider's calls are repeated for at once, and after what wait.</summary>
/// <param name="Answer">This answer may be better next time, and repeating does no harm.</param>
/// <param name="Failure">So may this missing answer.</param>
/// <param name="Delay">From the number of repeats before this one and the answer, null when there was none.</param>
internal sealed record RepeatRule<T>(
    Func<T, bool> Answer, Func<Exception, bool> Failure, Func<int, T?, TimeSpan> Delay);
