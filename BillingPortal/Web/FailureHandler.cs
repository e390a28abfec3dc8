using System.Text.Json;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Diagnostics;

namespace BillingPortal.Web;

/// <summary>
/// Turns what was thrown under <c>/api</c> into a problem: the caller's mistake is named, ours is hidden behind a
/// reference id. Pages have their own status page.
/// </summary>
internal sealed partial class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // By now the request's own path is that of the error page.
        var path = httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path;
        if (exception is BadHttpRequestException bad && ApiPaths.Includes(path))
        {
            await ApiProblems.ForBadRequest(bad).ExecuteAsync(httpContext);
            return true;
        }

        var reference = References.Of(httpContext);
        LogFailed(logger, reference, httpContext.Request.Method, path, exception);
        if (!ApiPaths.Includes(path))
        {
            return false;
        }

        await ApiProblems.ForFailure(reference).ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "Request failed; reference {ReferenceId}, {Method} {Path}")]
    private static partial void LogFailed(ILogger logger, string referenceId, string method, string path, Exception exception);
}

/// <summary>Which addresses are for programs and answer with problems instead of pages.</summary>
internal static class ApiPaths
{
    public static bool Includes(HttpRequest request) => Includes(request.Path);

    public static bool Includes(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
