using System.Diagnostics;
using BillingPortal.Kernel;

namespace BillingPortal.Web;

/// <summary>
/// Every answer carries the id of its trace (<c>traceparent</c>'s, if the caller sent one), which stands on every log line of the request
/// and of the work that follows it. Speaks up about requests that fail on our side or take long, and is silent about the others.
/// </summary>
internal sealed partial class RequestTrace(RequestDelegate next, ILogger<RequestTrace> logger)
{
    public const string Header = "Trace-Id";
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(2.5);

    public async Task InvokeAsync(HttpContext context)
    {
        // At the last moment: an exception handler clears what was set before.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = Telemetry.TraceId ?? context.TraceIdentifier;
            return Task.CompletedTask;
        });
        var began = Stopwatch.GetTimestamp();
        using var ids = logger.With(("RequestId", context.TraceIdentifier));
        try
        {
            await next(context);
        }
        finally
        {
            Tell(context, Stopwatch.GetElapsedTime(began));
        }
    }

    // The route, not the path: an invitation's path is its key. Connections of open pages last as long as the pages.
    private void Tell(HttpContext context, TimeSpan took)
    {
        var status = context.Response.StatusCode;
        var isPageConnection = context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase);
        if (isPageConnection || (status < StatusCodes.Status500InternalServerError && took < SlowAfter))
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFailed(logger, context.Request.Method, route, status, (long)took.TotalMilliseconds);
        }
        else
        {
            LogSlow(logger, context.Request.Method, route, status, (long)took.TotalMilliseconds);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Route} failed with {Status} after {Milliseconds} ms")]
    private static partial void LogFailed(ILogger logger, string method, string route, int status, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Method} {Route} was slow: {Status} after {Milliseconds} ms")]
    private static partial void LogSlow(ILogger logger, string method, string route, int status, long milliseconds);
}
