using System.Collections.Concurrent;
using System.Net.Http.Json;
using BillingPortal.Processes;
using BillingPortal.Tests.Crash;

namespace BillingPortal.Tests.Nodes;

/// <summary>One portal that is told to stop while it works, without a proxy and without time to drain.</summary>
public sealed class StoppedPortalTests : IAsyncLifetime
{
    private const int Programs = 8;
    private const int AnswersBeforeTheStop = 100;
    private readonly CrashScene _scene = new();

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task What_was_answered_before_the_stop_stands_in_the_books_once()
    {
        var portal = await _scene.StartAsync();
        await _scene.OwnNumberAsync(credits: 1_000_000);
        var acknowledged = new ConcurrentBag<string>();
        var load = Enumerable.Range(0, Programs).Select(i => PostUntilGoneAsync(portal, i, acknowledged)).ToList();
        await _scene.EventuallyAsync(() => Task.FromResult(acknowledged.Count >= AnswersBeforeTheStop), "the load is under way");

        Assert.Equal(0, await portal.TerminateAsync());
        await Task.WhenAll(load);

        Assert.Equal(
            acknowledged.Count,
            await _scene.CountAsync(
                $"SELECT count(*) FROM usage_events WHERE tenant_id = $1 AND reference_id IN ('{string.Join("', '", acknowledged)}')"));
        Assert.True(
            await _scene.CountAsync("SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'usage'") >= acknowledged.Count);
        await _scene.AssertBooksAsync();
    }

    // 101 credits, 5 used: below 100, so the card is charged; Stripe takes three seconds, and the stop comes in between.
    [Fact]
    public async Task A_card_that_is_being_charged_is_charged_to_the_end()
    {
        var portal = await _scene.StartAsync(stripeSeconds: 30);
        await _scene.OwnNumberAsync(credits: 101);
        await _scene.PostAsync(portal, "/api/credits/auto-recharge", new { enabled = true, credits = 250, threshold = 100 });
        await _scene.Sandbox.HoldWebhooksAsync();
        await _scene.Sandbox.FaultAsync("slow", path: "payment_intents", milliseconds: 3_000);
        await _scene.PostAsync(portal, "/api/usage", new { service = "email", quantity = 5, reference_id = "crossing" });
        await _scene.EventuallyAsync(
            async () => await _scene.CountAsync(
                "SELECT count(*) FROM recharge_attempts WHERE tenant_id = $1 AND state IN ('recorded', 'charging')") == 1,
            "the card is being charged");

        Assert.Equal(0, await portal.TerminateAsync());

        Assert.Equal(
            1, await _scene.CountAsync("SELECT count(*) FROM recharge_attempts WHERE tenant_id = $1 AND state = 'succeeded'"));
        await _scene.AssertChargedAndCreditedAsync(charges: 1, creditedBefore: 1);
    }

    private async Task PostUntilGoneAsync(PortalProcess portal, int program, ConcurrentBag<string> acknowledged)
    {
        using var client = _scene.Client(portal);
        for (var i = 0; ; i++)
        {
            var reference = $"stop-{program}-{i}";
            try
            {
                using var answer = await client.PostAsJsonAsync(
                    "/api/usage", new { service = "email", quantity = 1, reference_id = reference });
                if (answer.IsSuccessStatusCode)
                {
                    acknowledged.Add(reference);
                }
            }
            catch (HttpRequestException)
            {
                return; // it is gone
            }
        }
    }
}
