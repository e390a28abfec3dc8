using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BillingPortal.Web;

/// <summary>
/// How large, how deep and how slow a request may be, and how long it may take. An endpoint that needs more says so itself
/// (<c>RequestSizeLimitAttribute</c>); pages' own connections are bounded where Blazor is registered.
/// </summary>
internal static class RequestLimits
{
    /// <summary>The deepest JSON that is read: an event with metadata has four levels.</summary>
    public const int JsonDepthMax = 32;

    // A form or a purchase is a few KiB; nothing here takes files. Batches of usage say their own size.
    private const long BodyBytesMax = 1024 * 1024;
    private const int HeaderBytesMax = 32 * 1024;
    private const int LineBytesMax = 8 * 1024;
    private const int HeadersMax = 100;
    private const int FormFieldsMax = 200;
    private const int OpenConnectionsMax = 10_000;
    private const double BodyBytesPerSecondMin = 240;
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(15);

    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = BodyBytesMax;
        limits.MaxRequestLineSize = LineBytesMax;
        limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        limits.MaxRequestHeaderCount = HeadersMax;
        limits.RequestHeadersTimeout = HeadersWithin;
        limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecondMin, BodyGrace);
        limits.MaxConcurrentUpgradedConnections = OpenConnectionsMax;
    }

    public static IServiceCollection AddRequestLimits(this IServiceCollection services, RequestTimeOptions times)
    {
        services.Configure<FormOptions>(form =>
        {
            form.ValueCountLimit = FormFieldsMax;
            form.MultipartBodyLengthLimit = BodyBytesMax;
        });
        return services.AddRequestTimeouts(options => options.DefaultPolicy = Within(TimeSpan.FromSeconds(times.TimeoutSeconds)));
    }

    /// <summary>What takes longer is cancelled and answered in words.</summary>
    public static RequestTimeoutPolicy Within(TimeSpan time) => new()
    {
        Timeout = time,
        TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
        WriteTimeoutResponse = TellAsync,
    };

    /// <summary>An open page's own connection lives as long as the page.</summary>
    public static bool IsTimed(HttpContext context) => !context.Request.Path.StartsWithSegments("/_blazor");

    // A page is drawn by the status pages, for it has no answer yet.
    private static Task TellAsync(HttpContext context) => ApiPaths.Includes(context.Request)
        ? Problems.Unavailable(
            "request_timed_out", "This took too long and was stopped. Repeat it with the same Idempotency-Key: nothing is done twice.")
            .ExecuteAsync(context)
        : Task.CompletedTask;
}

/// <summary>How long a request may take; section <c>Http</c>.</summary>
public sealed record RequestTimeOptions
{
    /// <summary>Longer than one try at a provider (80 s).</summary>
    public double TimeoutSeconds { get; set; } = 100;
}
