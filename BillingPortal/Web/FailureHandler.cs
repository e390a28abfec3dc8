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
        // The request's own path is already the error page's.
        var path = httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path;
        var isForPrograms = ApiPaths.Includes(path);
        if (exception is BadHttpRequestException bad && isForPrograms)
        {
            await ApiProblems.ForBadRequest(bad).ExecuteAsync(httpContext);
            return true;
        }

        var reference = References.Of(httpContext);
        LogFailed(logger, reference, httpContext.Request.Method, WithoutSecret(path), exception);
        if (isForPrograms)
        {
            await ApiProblems.ForFailure(reference).ExecuteAsync(httpContext);
        }

        return isForPrograms;
    }

    // An invitation's address is its key.
    private static string WithoutSecret(string path) =>
        path.StartsWith("/invitation/", StringComparison.OrdinalIgnoreCase) ? "/invitation/…" : path;

    [LoggerMessage(LogLevel.Error, "Request failed; reference {ReferenceId}, {Method} {Path}")]
    private static partial void LogFailed(ILogger logger, string referenceId, string method, string path, Exception exception);
}

/// <summary>Which addresses are for programs and answer with problems instead of pages.</summary>
internal static class ApiPaths
{
    public static bool Includes(HttpRequest request) => Includes(request.Path);

    public static bool Includes(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
