using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Webhooks arrive signed, are repeated until taken, and go wrong on demand.</summary>
public sealed class StripeWebhookTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();

    public async ValueTask InitializeAsync() => await _sandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_webhook_is_signed_over_its_raw_body()
    {
        await using var portal = await ListenAsync();

        await _sandbox.Stripe.CustomerAsync();
        await _sandbox.WebhooksIdleAsync();

        var webhook = Assert.Single(portal.Received);
        Assert.Equal("/api/stripe/webhooks", webhook.Path);
        var header = webhook.Headers["Stripe-Signature"].Split(',')
            .Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        var signed = Encoding.UTF8.GetBytes($"{header["t"]}.{webhook.Body}");
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData("whsec_sandbox_stripe"u8.ToArray(), signed));
        Assert.Equal(expected, header["v1"]);
        var body = JsonNode.Parse(webhook.Body)!;
        Assert.Equal("customer.created", (string)body["type"]!);
        Assert.False((bool)body["livemode"]!);
        Assert.Equal("2026-10-28.endive", (string)body["api_version"]!);
        Assert.StartsWith("req_", (string)body["request"]!["id"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_repeated_until_it_is_taken()
    {
        await using var portal = await ListenAsync(500, 302, 404);

        await _sandbox.Stripe.CustomerAsync();
        await UntilAsync(async () => await StateAsync() == "delivered");

        Assert.Equal(4, portal.Received.Count);
        Assert.Single(portal.Received.Select(one => JsonNode.Parse(one.Body)!["id"]!.ToString()).Distinct());
        Assert.Empty((await _sandbox.Stripe.GetAsync("events?delivery_success=false")).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task After_the_last_try_it_stays_undelivered_in_the_list()
    {
        await using var portal = await ListenAsync(500, 500, 500, 500, 500);

        await _sandbox.Stripe.CustomerAsync();
        await UntilAsync(async () => await StateAsync() == "failed");

        var open = (await _sandbox.Stripe.GetAsync("events?delivery_success=false")).Json["data"]!.AsArray();
        var id = (string)Assert.Single(open)!["id"]!;
        await _sandbox.ResendEventAsync(id);
        await _sandbox.WebhooksIdleAsync();
        Assert.Equal("delivered", await StateAsync());
        Assert.Equal(6, portal.Received.Count);
    }

    [Fact]
    public async Task A_payment_tells_what_the_portal_handles()
    {
        await using var portal = await ListenAsync();
        var customer = await _sandbox.Stripe.CustomerAsync();
        var card = await _sandbox.Stripe.SavedCardAsync(customer);

        await _sandbox.Stripe.ChargeOffSessionAsync(customer, card, 2200, "attempt-7");
        await _sandbox.WebhooksIdleAsync();

        var types = portal.Received.Select(one => (string)JsonNode.Parse(one.Body)!["type"]!).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "customer.created", "setup_intent.succeeded", "payment_method.attached",
                "payment_intent.created", "charge.succeeded", "payment_intent.succeeded",
            },
            types);
        var paid = portal.Received.Select(one => JsonNode.Parse(one.Body)!)
            .Single(one => (string)one["type"]! == "payment_intent.succeeded");
        Assert.Equal("attempt-7", (string)paid["request"]!["idempotency_key"]!);
    }

    [Fact]
    public async Task Held_webhooks_leave_in_the_order_asked_for()
    {
        await using var portal = await ListenAsync();
        await _sandbox.HoldWebhooksAsync();
        await _sandbox.Stripe.CustomerAsync("first@acme.example");
        await _sandbox.Stripe.CustomerAsync("second@acme.example");
        Assert.Empty(portal.Received);

        await _sandbox.ReleaseWebhooksAsync(newestFirst: true);

        var emails = portal.Received.Select(one => (string)JsonNode.Parse(one.Body)!["data"]!["object"]!["email"]!);
        Assert.Equal(["second@acme.example", "first@acme.example"], emails);
    }

    [Fact]
    public async Task Webhooks_are_dropped_doubled_twinned_and_reordered_on_demand()
    {
        await using var portal = await ListenAsync();

        await _sandbox.SpoilWebhooksAsync("drop", "customer.created");
        await _sandbox.Stripe.CustomerAsync("dropped@acme.example");
        await _sandbox.WebhooksIdleAsync();
        Assert.Empty(portal.Received);

        await _sandbox.SpoilWebhooksAsync("duplicate", "customer.*");
        await _sandbox.Stripe.CustomerAsync("doubled@acme.example");
        await _sandbox.WebhooksIdleAsync();
        Assert.Equal(2, portal.Received.Count);
        Assert.Single(portal.Received.Select(one => one.Body).Distinct());
        portal.Received.Clear();

        await _sandbox.SpoilWebhooksAsync("twin");
        await _sandbox.Stripe.CustomerAsync("twinned@acme.example");
        await _sandbox.WebhooksIdleAsync();
        Assert.Equal(2, portal.Received.Select(one => (string)JsonNode.Parse(one.Body)!["id"]!).Distinct().Count());
        portal.Received.Clear();

        await _sandbox.SpoilWebhooksAsync("reorder", count: 2);
        await _sandbox.Stripe.CustomerAsync("early@acme.example");
        await _sandbox.Stripe.CustomerAsync("late@acme.example");
        await UntilAsync(() => Task.FromResult(portal.Received.Count == 2));
        Assert.Contains("late@acme.example", portal.Received.First().Body, StringComparison.Ordinal);
    }

    // Three are to be reordered and two have come when the rule is ended: both go out, newest first, and the next as usual.
    [Fact]
    public async Task Ended_rules_give_back_what_they_kept()
    {
        await using var portal = await ListenAsync();
        await _sandbox.SpoilWebhooksAsync("reorder", count: 3);
        await _sandbox.Stripe.CustomerAsync("early@acme.example");
        await _sandbox.Stripe.CustomerAsync("late@acme.example");
        Assert.Empty(portal.Received);

        using var ended = await _sandbox.Http.DeleteAsync("control/webhooks");
        await UntilAsync(() => Task.FromResult(portal.Received.Count == 2));
        Assert.Contains("late@acme.example", portal.Received.First().Body, StringComparison.Ordinal);
        await _sandbox.Stripe.CustomerAsync("next@acme.example");
        await UntilAsync(() => Task.FromResult(portal.Received.Count == 3));
    }

    [Fact]
    public async Task Events_are_listed_newest_first_by_type_time_and_page()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < 5; i++)
        {
            var id = await _sandbox.Stripe.CustomerAsync($"c{i}@acme.example");
            await _sandbox.Stripe.PostAsync($"customers/{id}", ("name", $"C{i}"));
        }

        var first = await _sandbox.Stripe.GetAsync(
            $"events?types[]=customer.created&types[]=customer.deleted&created[gte]={before}&limit=2");
        var data = first.Json["data"]!.AsArray();
        var second = await _sandbox.Stripe.GetAsync(
            $"events?type=customer.created&limit=3&starting_after={data[1]!["id"]}");

        Assert.Equal("c4@acme.example", (string)data[0]!["data"]!["object"]!["email"]!);
        Assert.True((bool)first.Json["has_more"]!);
        Assert.Equal(
            ["c2@acme.example", "c1@acme.example", "c0@acme.example"],
            second.Json["data"]!.AsArray().Select(one => (string)one!["data"]!["object"]!["email"]!));
        Assert.False((bool)second.Json["has_more"]!);
        Assert.Empty((await _sandbox.Stripe.GetAsync($"events?created[gt]={before + 3600}")).Json["data"]!.AsArray());
    }

    private async Task<WebhookReceiver> ListenAsync(params int[] answers)
    {
        var portal = await WebhookReceiver.StartAsync(answers);
        await _sandbox.SendWebhooksToAsync(portal.Address);
        return portal;
    }

    private async Task<string> StateAsync() => (string)(await _sandbox.DeliveriesAsync())[0]!["state"]!;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
