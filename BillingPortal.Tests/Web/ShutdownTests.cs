using System.Net;
using BillingPortal.Tests.Support;
using BillingPortal.Web.Shutdown;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Web;

/// <summary>A portal that is told to stop: first not ready and still answering, then gone.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private readonly Portal _portal = new();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Who_leaves_is_not_ready_but_still_answers_and_closes_connections()
    {
        var lifetime = Assert.IsType<PortalLifetime>(_portal.Services.GetRequiredService<IHostLifetime>());
        var application = _portal.Services.GetRequiredService<IHostApplicationLifetime>();
        using var client = _portal.Browser();
        using var before = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Null(before.Headers.ConnectionClose);

        lifetime.Leave();

        using var ready = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var live = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var page = await client.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.ConnectionClose);
        Assert.False(application.ApplicationStopping.IsCancellationRequested);

        lifetime.Leave(); // a second signal waits for nobody
        Assert.True(application.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public void The_time_for_the_rest_is_a_setting()
    {
        Assert.Equal(TimeSpan.FromSeconds(17), _portal.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        Assert.Throws<InvalidOperationException>(() => new ShutdownOptions { DrainSeconds = -1 }.Validate());
        Assert.Throws<InvalidOperationException>(() => new ShutdownOptions { TimeoutSeconds = 0 }.Validate());
    }

    private sealed class Portal : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
            [new("Shutdown:DrainSeconds", "600"), new("Shutdown:TimeoutSeconds", "17")];
    }
}
