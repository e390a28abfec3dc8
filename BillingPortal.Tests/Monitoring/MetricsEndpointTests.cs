using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Monitoring;

/// <summary>Who is told figures, and what else machines ask a portal.</summary>
public sealed class MetricsEndpointTests(MetricsEndpointTests.Guarded portal) : IClassFixture<MetricsEndpointTests.Guarded>
{
    private const string Token = "the-metrics-token-of-this-test";

    [Fact]
    public async Task Without_the_token_nobody_is_told_anything()
    {
        var stranger = await portal.Browser().GetAsync("/metrics");
        var guesser = await portal.Bearer("a-guess").GetAsync("/metrics");
        var program = await (await portal.ProgramAsync(await portal.TenantAsync())).GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, guesser.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, program.StatusCode);
    }

    [Fact]
    public async Task With_the_token_figures_come_in_the_format_that_was_asked_for()
    {
        var scraper = portal.Bearer(Token);
        var plain = await scraper.GetAsync("/metrics");
        scraper.DefaultRequestHeaders.Accept.Add(
            MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0; q=0.9"));
        var open = await scraper.GetAsync("/metrics");

        Assert.Equal("text/plain", plain.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\nbilling_outbox_pending 0\n", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("application/openmetrics-text", open.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("# EOF\n", await open.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_label_names_a_tenant_or_a_connection()
    {
        var tenant = await portal.TenantAsync();
        await (await portal.ProgramAsync(tenant)).GetAsync("/api/credits");
        var text = await portal.Bearer(Token).GetStringAsync("/metrics");

        Assert.DoesNotContain(tenant.Id.ToString(), text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Username=portal_ops", text, StringComparison.OrdinalIgnoreCase); // its pools have names
        Assert.DoesNotContain("Password", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health/jobs")]
    public async Task Health_says_each_checks_state_and_nothing_else(string address)
    {
        var answer = await portal.Browser().GetAsync(address);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("healthy", body.GetProperty("status").GetString());
        Assert.All(body.GetProperty("checks").EnumerateObject(), check => Assert.Equal("healthy", check.Value.GetString()));
    }

    /// <summary>A portal whose figures are for the holder of a token.</summary>
    public sealed class Guarded : PortalHost
    {
        protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Metrics:Token", Token)];
    }
}
