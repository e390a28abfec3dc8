using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BillingPortal.Web.Shutdown;

/// <summary>
/// Whether this process was told to stop. From then on it is not ready, so that a proxy sends nobody here any more, and asks every
/// client that comes all the same to close its connection after the answer.
/// </summary>
internal sealed class Departure : IHealthCheck
{
    private int _begun;

    public bool IsUnderWay => Volatile.Read(ref _begun) == 1;

    /// <summary>False when it was under way already.</summary>
    public bool Begin() => Interlocked.Exchange(ref _begun, 1) == 0;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsUnderWay ? HealthCheckResult.Unhealthy("This process is stopping.") : HealthCheckResult.Healthy());

    /// <summary>A connection that ends with an answer cannot be cut between two requests.</summary>
    public Task CloseAfterAsync(HttpContext context, RequestDelegate next)
    {
        if (IsUnderWay && HttpProtocol.IsHttp11(context.Request.Protocol) && !context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }
}
