using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Web;

/// <summary>Every address of the portal says who may come, or is on the list of those for everybody.</summary>
public sealed class RouteTableTests(PortalHost portal) : IClassFixture<PortalHost>
{
    // Prefixes of what anybody may reach: sign-in, invitations (their link is the key), status, documents, health, and webhooks,
    // which check a signature.
    private static readonly string[] ForEverybody =
    [
        "/sign-in", "/status/", "/docs/", "/openapi/", "/health/", "/metrics", "/api/stripe/webhook", "/api/credits/webhook",
        "/invitation/", "/api/webhooks/",
    ];

    [Fact]
    public void Every_endpoint_and_page_names_its_policy()
    {
        var silent = from endpoint in Routes()
                     where !IsStaticOrFramework(endpoint)
                     let policies = endpoint.Metadata.OfType<IAuthorizeData>().Where(data => data.Policy is not null)
                     let isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                     where !isOpen && !policies.Any()
                     select Text(endpoint);

        Assert.Empty(silent);
    }

    [Fact]
    public void Nothing_is_open_to_everybody_but_what_is_on_the_list()
    {
        var open = from endpoint in Routes()
                   where !IsStaticOrFramework(endpoint) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
                   let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
                   where !ForEverybody.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal))
                   select Text(endpoint);

        Assert.Empty(open);
    }

    private IEnumerable<RouteEndpoint> Routes() =>
        portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    // Files of wwwroot, and Blazor's own hub, which the fallback policy keeps to people who are signed in.
    private static bool IsStaticOrFramework(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith('_')
        || endpoint.RoutePattern.RawText is "{**path:file}"
        || endpoint.Metadata.Any(item => item.GetType().Name is "StaticAssetDescriptor");

    private static string Text(RouteEndpoint endpoint) => $"{endpoint.DisplayName} {endpoint.RoutePattern.RawText}";
}
