using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>What people do with endpoints, and what endpoints do to themselves.</summary>
public sealed class EndpointServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private WebhookWorld _world = null!;
    private ScriptedServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _world = new WebhookWorld(postgres);
        _server = await ScriptedServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _server.DisposeAsync();
    }

    // An event a day, none of which arrives: five days on it is disabled, and its owners are written to once.
    [Fact]
    public async Task Days_of_nothing_but_failure_disable_an_endpoint()
    {
        _server.Then(500, "");
        var customer = await _world.CustomerAsync();
        var id = (await customer.EndpointAsync(_server.Address)).Id!.Value;
        for (var hour = 0; hour < 8 * 24; hour += 2)
        {
            if (hour % 24 == 0)
            {
                await customer.HappensAsync();
            }

            await _world.DrainAsync();
            if ((await customer.EndpointAsync(id)).State is EndpointState.Disabled)
            {
                Assert.InRange(hour, 5 * 24, (5 * 24) + 6);
                break;
            }

            postgres.Clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal(DisableReason.Failing, (await customer.EndpointAsync(id)).DisabledReason);
        Assert.DoesNotContain(await customer.DeliveriesAsync(), delivery => delivery.State is DeliveryState.Pending);
        Assert.Equal(["Webhook endpoint at 127.0.0.1 was disabled"], await customer.MailsAsync());
    }

    [Fact]
    public async Task An_answer_410_disables_at_once_and_what_was_missed_can_be_sent_later()
    {
        _server.Then(410, "gone").Then(200, "");
        var customer = await _world.CustomerAsync();
        var id = (await customer.EndpointAsync(_server.Address)).Id!.Value;
        await customer.HappensAsync();
        await _world.DrainAsync();
        var disabled = await customer.EndpointAsync(id);
        await customer.HappensAsync(); // kept, not sent
        await _world.DrainAsync();

        Assert.Equal((EndpointState.Disabled, DisableReason.Gone), (disabled.State, disabled.DisabledReason));
        Assert.Single(_server.Requests);
        Assert.Equal(
            EndpointOutcome.Disabled,
            (await _world.Replays.ReplayFailedAsync(customer.Id, customer.Owner, id, DateTimeOffset.MinValue)).Outcome);

        await _world.Endpoints.EnableAsync(customer.Id, customer.Owner, id);
        var replayed = await _world.Replays.ReplayFailedAsync(customer.Id, customer.Owner, id, disabled.CreatedAt);
        await _world.DrainAsync();

        Assert.Equal(2, replayed.Count);
        Assert.Equal(3, _server.Requests.Count);
        Assert.All(await customer.DeliveriesAsync(), delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
    }

    [Fact]
    public async Task A_delivered_event_is_sent_again_under_its_old_id()
    {
        var customer = await _world.CustomerAsync();
        var id = (await customer.EndpointAsync(_server.Address)).Id!.Value;
        await customer.HappensAsync();
        await _world.DrainAsync();
        var delivery = Assert.Single(await customer.DeliveriesAsync());

        var first = await _world.Replays.ReplayAsync(customer.Id, customer.Owner, id, delivery.Id);
        var second = await _world.Replays.ReplayAsync(customer.Id, customer.Owner, id, delivery.Id);
        await _world.DrainAsync();

        Assert.Equal((EndpointOutcome.Done, EndpointOutcome.Waiting), (first.Outcome, second.Outcome));
        Assert.Equal(2, _server.Requests.Count);
        Assert.Single(_server.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Equal(2, (await customer.AttemptsAsync()).Count);
    }

    [Fact]
    public async Task A_test_goes_to_one_endpoint_whatever_it_has_chosen_and_not_without_end()
    {
        var customer = await _world.CustomerAsync();
        var id = (await customer.EndpointAsync(_server.Address, "statement.ready")).Id!.Value;
        await customer.EndpointAsync(_server.Address);

        var sent = new List<EndpointOutcome>();
        for (var i = 0; i <= ReplayService.TestsPerHour; i++)
        {
            sent.Add((await _world.Replays.SendTestAsync(customer.Id, customer.Owner, id)).Outcome);
        }

        await _world.DrainAsync();
        Assert.Equal(ReplayService.TestsPerHour, _server.Requests.Count);
        Assert.All(_server.Requests, request => Assert.Contains("webhook.test", request.Body, StringComparison.Ordinal));
        Assert.Equal(EndpointOutcome.TooManyTests, sent[^1]);
    }

    [Fact]
    public async Task Racing_for_the_tenth_endpoint_makes_ten()
    {
        var customer = await _world.CustomerAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => customer.EndpointAsync(_server.Address)));

        Assert.Equal(10, results.Count(result => result.Outcome is EndpointOutcome.Done));
        Assert.Equal(4, results.Count(result => result.Outcome is EndpointOutcome.TooMany));
    }

    [Fact]
    public async Task Another_tenants_owner_reaches_nothing()
    {
        var (customer, stranger) = (await _world.CustomerAsync(), await _world.CustomerAsync());
        var id = (await customer.EndpointAsync(_server.Address)).Id!.Value;
        await customer.HappensAsync();
        await stranger.HappensAsync();
        var delivery = Assert.Single(await customer.DeliveriesAsync());

        Assert.Equal(
            [EndpointOutcome.NotThere, EndpointOutcome.NotThere, EndpointOutcome.NotThere, EndpointOutcome.NotThere],
            [
                (await _world.Endpoints.RemoveAsync(stranger.Id, stranger.Owner, id)).Outcome,
                (await _world.Endpoints.RotateAsync(stranger.Id, stranger.Owner, id, keepsOld: false)).Outcome,
                (await _world.Replays.SendTestAsync(stranger.Id, stranger.Owner, id)).Outcome,
                (await _world.Replays.ReplayAsync(stranger.Id, stranger.Owner, id, delivery.Id)).Outcome,
            ]);
        Assert.Equal(EndpointOutcome.NotAllowed, (await _world.Endpoints.RemoveAsync(customer.Id, stranger.Owner, id)).Outcome);
        Assert.Empty(await stranger.DeliveriesAsync());
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_log_and_no_secret_is_anywhere_in_clear()
    {
        var customer = await _world.CustomerAsync();
        var made = await customer.EndpointAsync(new Uri(_server.Address, "/hooks?token=hidden"));
        var id = made.Id!.Value;
        var rotated = await _world.Endpoints.RotateAsync(customer.Id, customer.Owner, id, keepsOld: true);
        await _world.Endpoints.UpdateAsync(
            customer.Id, customer.Owner, id, new EndpointWish(_server.Address.ToString(), "Other", false, ["balance.low"]));
        await _world.Endpoints.DisableAsync(customer.Id, customer.Owner, id);
        await _world.Endpoints.EnableAsync(customer.Id, customer.Owner, id);
        var stored = await customer.EndpointAsync(id);
        await _world.Endpoints.RemoveAsync(customer.Id, customer.Owner, id);

        var lines = await customer.AuditAsync();
        Assert.Equal(
            [
                "webhook_endpoint.created", "webhook_endpoint.secret_rotated", "webhook_endpoint.changed",
                "webhook_endpoint.disabled", "webhook_endpoint.enabled", "webhook_endpoint.removed",
            ],
            lines.Select(line => line.Action));
        var text = string.Join('\n', lines.Select(line => line.Summary + line.Before + line.After));
        foreach (var hidden in new[] { made.Secret!["whsec_".Length..], rotated.Secret!["whsec_".Length..], "token=hidden" })
        {
            Assert.DoesNotContain(hidden, text, StringComparison.Ordinal);
            Assert.DoesNotContain(hidden, stored.Secret + stored.OldSecret, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_old_is_forgotten_and_what_waits_is_not()
    {
        _server.Then(200, "");
        var customer = await _world.CustomerAsync();
        await customer.EndpointAsync(_server.Address);
        await customer.HappensAsync();
        await _world.DrainAsync();
        postgres.Clock.Advance(TimeSpan.FromDays(31));
        await customer.HappensAsync();

        await new DeliveryCleanup(
            postgres.Database, postgres.Clock, Microsoft.Extensions.Options.Options.Create(_world.Options)).RunAsync(1000);

        Assert.Equal(DeliveryState.Pending, Assert.Single(await customer.DeliveriesAsync()).State);
        Assert.Empty(await customer.AttemptsAsync());
    }
}
