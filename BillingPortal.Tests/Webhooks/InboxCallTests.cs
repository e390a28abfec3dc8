using BillingPortal.Kernel;
using BillingPortal.Webhooks;
using Npgsql;

namespace BillingPortal.Tests.Webhooks;

/// <summary>Who is told that something arrived, and how much a provider may send.</summary>
public sealed class InboxCallTests(WebhookPortal portal) : IClassFixture<WebhookPortal>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_was_fetched_calls_every_process()
    {
        await using var listening = await ListenAsync();

        Assert.True(await portal.Inbox.StoreAsync(WebhookInbox.Stripe, Event(), EventSource.Fetched));

        Assert.True(await listening.WaitAsync(Patience));
    }

    // Twenty wait: more than one process works off at once.
    [Fact]
    public async Task A_full_batch_calls_the_other_processes_for_help()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await portal.Inbox.StoreAsync(WebhookInbox.Stripe, Event(), EventSource.Webhook));
        }

        await using var listening = await ListenAsync();
        await portal.Drain.DrainAsync();

        Assert.True(await listening.WaitAsync(Patience));
    }

    [Fact]
    public async Task Providers_have_a_budget_of_their_own()
    {
        using var client = portal.Browser();
        var webhook = await client.PostAsync("/api/stripe/webhooks", new StringContent("{}"));
        var unknown = await client.GetAsync("/api/credits/balance");

        Assert.Equal("\"minute\";q=60000;w=60", webhook.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"minute\";q=3000;w=60", unknown.Headers.GetValues("RateLimit-Policy").Single());
    }

    private async Task<NpgsqlConnection> ListenAsync()
    {
        var connection = await portal.Database.Ops.OpenConnectionAsync();
        await using var listen = new NpgsqlCommand("LISTEN inbox", connection);
        await listen.ExecuteNonQueryAsync();
        return connection;
    }

    private ArrivedEvent Event() => new($"evt_{Ids.New():N}", "product.created", "prod_1", portal.Now, "{}");
}
