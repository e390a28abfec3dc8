using BillingPortal.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace BillingPortal.Tests.Nodes;

/// <summary>
/// The proxy of docs/scaling.md: a cookie keeps a browser with its node, a node that is not ready gets nothing new, and no request is
/// sent twice.
/// </summary>
internal sealed class StickyProxy : IAsyncDisposable
{
    private const string Cluster = "portal";
    private readonly WebApplication _app;

    private StickyProxy(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<StickyProxy> StartAsync(IReadOnlyList<Uri> nodes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddReverseProxy().LoadFromMemory([Route()], [ClusterOf(nodes)]);
        var app = builder.Build();
        app.UseWebSockets();
        app.MapReverseProxy();
        await app.StartAsync();
        return new StickyProxy(app);
    }

    /// <summary>Waits until the proxy takes this node for ready, or no longer does.</summary>
    public async Task SeesAsync(Uri node, bool ready)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (StateOf(node) != (ready ? DestinationHealth.Healthy : DestinationHealth.Unhealthy))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private DestinationHealth StateOf(Uri node)
    {
        _app.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(Cluster, out var cluster);
        return cluster!.Destinations[node.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)].Health.Active;
    }

    private static RouteConfig Route() => new()
    {
        RouteId = "everything",
        ClusterId = Cluster,
        Match = new RouteMatch { Path = "/{**path}" },
        Transforms = [new Dictionary<string, string> { ["RequestHeaderOriginalHost"] = "true" }],
    };

    private static ClusterConfig ClusterOf(IReadOnlyList<Uri> nodes) => new()
    {
        ClusterId = Cluster,
        LoadBalancingPolicy = "RoundRobin",
        SessionAffinity = new SessionAffinityConfig
        {
            Enabled = true,
            Policy = "Cookie",
            FailurePolicy = "Redistribute",
            AffinityKeyName = "node",
        },
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = "HealthyOrPanic",
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Path = "/health/ready",
                Policy = "ConsecutiveFailures",
                Interval = TimeSpan.FromMilliseconds(250),
                Timeout = TimeSpan.FromSeconds(10),
            },
        },
        Metadata = new Dictionary<string, string> { ["ConsecutiveFailuresHealthPolicy.Threshold"] = "1" },
        Destinations = nodes.ToDictionary(
            node => node.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            node => new DestinationConfig { Address = node.ToString() }),
    };
}
