using System.Net;
using BillingPortal.Kernel;
using BillingPortal.Webhooks;
using static BillingPortal.Tests.Webhooks.StripeSigner;

namespace BillingPortal.Tests.Webhooks;

/// <summary>What the webhook address lets in, and what it keeps of the rest: nothing.</summary>
public sealed class WebhookEndpointTests(WebhookPortal portal) : IClassFixture<WebhookPortal>
{
    private readonly string _id = $"evt_{Ids.New():N}";

    [Theory]
    [InlineData("/api/stripe/webhooks")]
    [InlineData("/api/stripe/webhook")]
    [InlineData("/api/credits/webhook")]
    public async Task A_signed_event_is_kept_whole_and_answered_at_once(string path)
    {
        var body = Event(_id);

        Assert.Equal(HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now, Secret), path));

        var row = Assert.Single(await portal.RowsAsync(_id));
        Assert.Equal((body, "prod_1", EventSource.Webhook), (row.Body, row.ObjectId, row.Source));
    }

    [Fact]
    public async Task An_event_that_comes_again_is_kept_once()
    {
        var body = Event(_id);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            delay => portal.PostAsync(body, Header(body, portal.Now.AddSeconds(-delay), Secret))));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Single(await portal.RowsAsync(_id));
    }

    [Fact]
    public async Task While_a_secret_is_rolled_both_are_good()
    {
        var body = Event(_id);

        Assert.Equal(HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now, NewSecret)));
        Assert.Equal(HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now, Secret)));
        Assert.Equal(HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now, "whsec_other", Secret)));
    }

    [Fact]
    public async Task A_forged_event_is_refused_and_kept_nowhere()
    {
        var body = Event(_id);

        await RefusedAsync(body, Header(body, portal.Now, "whsec_guessed"));
        await RefusedAsync(body, Header(body, portal.Now, ""));
        await RefusedAsync(body, Header(body + " ", portal.Now, Secret)); // signed for another body
        await RefusedAsync(body, signature: null);
        await RefusedAsync(body, "t=1,v1=zz");
        await RefusedAsync(body, $"t={portal.Now.ToUnixTimeSeconds()}");
        await RefusedAsync(body, Header(body, portal.Now, Secret).Replace("v1=", "v0=", StringComparison.Ordinal));
        await RefusedAsync(body, new string('x', 5000));
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    [InlineData(-86_400)]
    public async Task A_recorded_call_is_refused_outside_five_minutes_both_ways(int seconds)
    {
        var body = Event(_id);

        // A second more or less passes on the way; the limit itself is not probed.
        await RefusedAsync(body, Header(body, portal.Now.AddSeconds(seconds + Math.Sign(seconds)), Secret));
    }

    [Theory]
    [InlineData(-290)]
    [InlineData(290)]
    public async Task Within_five_minutes_clocks_may_differ(int seconds)
    {
        var body = Event(_id);

        Assert.Equal(HttpStatusCode.OK, await portal.PostAsync(body, Header(body, portal.Now.AddSeconds(seconds),
            Secret)));
    }

    [Fact]
    public async Task An_event_of_real_cards_is_refused_where_test_cards_are_used()
    {
        var body = Event(_id, liveMode: true);

        await RefusedAsync(body, Header(body, portal.Now, Secret));
    }

    [Fact]
    public async Task A_body_above_256_KiB_is_refused_even_when_signed()
    {
        var body = Event(_id, objectId: new string('a', 256 * 1024));

        await RefusedAsync(body, Header(body, portal.Now, Secret));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"id\":1,\"type\":2}")]
    public async Task Something_signed_that_is_no_event_is_refused(string body)
    {
        await RefusedAsync(body, Header(body, portal.Now, Secret));
    }

    private async Task RefusedAsync(string body, string? signature)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await portal.PostAsync(body, signature));
        Assert.Empty(await portal.RowsAsync(_id));
    }
}
