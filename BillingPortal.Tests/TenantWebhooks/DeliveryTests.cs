using System.Security.Cryptography;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>From an event to a receiver on a real port, whatever happens on the way.</summary>
public sealed class DeliveryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
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

    [Fact]
    public async Task An_event_reaches_the_receiver_once_with_a_signature_that_holds()
    {
        var customer = await _world.CustomerAsync();
        var made = await customer.EndpointAsync(_server.Address);
        var told = await customer.HappensAsync(times: 3);

        await _world.DrainAsync();
        await _world.DrainAsync();

        var request = Assert.Single(_server.Requests);
        Assert.Equal((told.Body, EventMessage.PublicId(told.Id)), (request.Body, request.Headers["webhook-id"]));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.True(Holds(request, made.Secret!));
        Assert.False(Holds(request, WebhookSignature.NewSecret()));
        Assert.Equal((DeliveryState.Delivered, 200), Now(Assert.Single(await customer.DeliveriesAsync())));
        Assert.NotNull((await customer.EndpointAsync(made.Id!.Value)).LastSuccessAt);
    }

    [Fact]
    public async Task An_endpoint_hears_of_what_it_has_chosen_only()
    {
        var customer = await _world.CustomerAsync();
        await customer.EndpointAsync(_server.Address, "number.suspended", "balance.low");

        await customer.HappensAsync(TenantEvent.PurchaseSettled);
        await customer.HappensAsync(TenantEvent.BalanceLow);
        await _world.DrainAsync();

        Assert.Contains("balance.low", Assert.Single(_server.Requests).Body, StringComparison.Ordinal);
    }

    // 5 s, then 5 minutes: not a moment earlier; the same id and body each time.
    [Fact]
    public async Task What_fails_is_tried_again_after_growing_waits()
    {
        _server.Then(500, "no").ThenBreak().Then(204, "");
        var customer = await _world.CustomerAsync();
        await customer.EndpointAsync(_server.Address);
        await customer.HappensAsync();

        await _world.DrainAsync();
        postgres.Clock.Advance(TimeSpan.FromSeconds(4));
        await _world.DrainAsync();
        Assert.Single(_server.Requests);
        postgres.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.DrainAsync();
        postgres.Clock.Advance(TimeSpan.FromMinutes(5));
        await _world.DrainAsync();

        Assert.Equal(3, _server.Requests.Count);
        Assert.Single(_server.Requests.Select(request => (request.Headers["webhook-id"], request.Body)).Distinct());
        Assert.Equal((DeliveryState.Delivered, 204), Now(Assert.Single(await customer.DeliveriesAsync())));
        var attempts = await customer.AttemptsAsync();
        Assert.Equal([500, null, 204], attempts.Select(attempt => attempt.Status));
        Assert.Equal("no", attempts[0].Answer);
    }

    [Fact]
    public async Task After_ten_tries_a_delivery_is_given_up()
    {
        _server.Then(503, "later");
        var customer = await _world.CustomerAsync();
        await customer.EndpointAsync(_server.Address);
        await customer.HappensAsync();

        for (var tries = 1; tries <= RetryWaits.TriesMax + 2; tries++)
        {
            await _world.DrainAsync();
            postgres.Clock.Advance(RetryWaits.After(tries) ?? TimeSpan.FromHours(24));
        }

        Assert.Equal(RetryWaits.TriesMax, _server.Requests.Count);
        Assert.Equal((DeliveryState.Failed, 503), Now(Assert.Single(await customer.DeliveriesAsync())));
    }

    // The process ends after the receiver has answered and before that is written down.
    [Fact]
    public async Task A_send_that_nobody_wrote_down_is_sent_again_with_the_same_id()
    {
        var customer = await _world.CustomerAsync();
        var made = await customer.EndpointAsync(_server.Address);
        await customer.HappensAsync();
        var dying = Assert.Single(
            await _world.Store.ClaimAsync(slow: false, 10, 10, TimeSpan.Zero, TestContext.Current.CancellationToken),
            claimed => claimed.TenantId == customer.Id);
        await _world.Sender.SendAsync(dying.Url, dying.PublicId, dying.Body, [made.Secret!], TestContext.Current.CancellationToken);

        await _world.DrainAsync();

        Assert.Equal(2, _server.Requests.Count);
        Assert.Single(_server.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        Assert.Equal((DeliveryState.Delivered, 200), Now(Assert.Single(await customer.DeliveriesAsync())));
        // It was only slow after all: its word comes too late to count.
        Assert.False(await _world.Book.WriteAsync(dying, new SendResult(500, "late", null, 1), TestContext.Current.CancellationToken));
        Assert.Single(await customer.AttemptsAsync());
    }

    [Fact]
    public async Task Two_processes_send_a_delivery_once()
    {
        var customer = await _world.CustomerAsync();
        await customer.EndpointAsync(_server.Address);
        for (var i = 0; i < 20; i++)
        {
            await customer.HappensAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _world.DrainAsync()));
        await _world.DrainAsync();

        Assert.Equal(20, _server.Requests.Count);
        Assert.Equal(20, _server.Requests.Select(request => request.Headers["webhook-id"]).Distinct().Count());
    }

    // A hundred events wait for an endpoint that never answers; the other tenant's single one goes through meanwhile.
    [Fact]
    public async Task A_dead_endpoint_delays_nobody_else()
    {
        await using var dead = (await ScriptedServer.StartAsync()).ThenSilence();
        var (silent, lively) = (await _world.CustomerAsync(), await _world.CustomerAsync());
        await silent.EndpointAsync(dead.Address);
        for (var i = 0; i < 100; i++)
        {
            await silent.HappensAsync();
        }

        await lively.EndpointAsync(_server.Address);
        var arrived = new TaskCompletionSource();
        _server.Then(context =>
        {
            arrived.TrySetResult();
            return Task.CompletedTask;
        });
        await lively.HappensAsync();

        var drain = _world.DrainAsync();
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(drain.IsCompleted);
        await _world.Endpoints.RemoveAsync(silent.Id, silent.Owner, (await silent.DeliveriesAsync())[0].EndpointId);
        await drain;
    }

    [Fact]
    public async Task For_a_day_after_a_rotation_both_secrets_sign()
    {
        var customer = await _world.CustomerAsync();
        var made = await customer.EndpointAsync(_server.Address);
        var rotated = await _world.Endpoints.RotateAsync(customer.Id, customer.Owner, made.Id!.Value, keepsOld: true);

        await customer.HappensAsync();
        await _world.DrainAsync();
        postgres.Clock.Advance(EndpointService.Overlap);
        await customer.HappensAsync();
        await _world.DrainAsync();

        Assert.NotEqual(made.Secret, rotated.Secret);
        var requests = _server.Requests.ToList();
        Assert.Equal((true, true), (Holds(requests[0], made.Secret!), Holds(requests[0], rotated.Secret!)));
        Assert.Equal((false, true), (Holds(requests[1], made.Secret!), Holds(requests[1], rotated.Secret!)));
    }

    private static (DeliveryState, int?) Now(WebhookDelivery delivery) => (delivery.State, delivery.LastStatus);

    // Written after the text of the standard, with nothing of the portal's own.
    private static bool Holds(ScriptedRequest request, string secret)
    {
        var key = Convert.FromBase64String(secret.Split('_')[1]);
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
        var expected = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        return request.Headers["webhook-signature"].Split(' ').Contains($"v1,{expected}");
    }
}
