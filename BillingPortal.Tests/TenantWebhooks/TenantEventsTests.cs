using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>An event is written with the fact, once, in a shape that programs can rely on.</summary>
public sealed class TenantEventsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly PurchaseSettledData Settled = new(
        Guid.Parse("01990000-0000-7000-8000-000000000001"), "on_session", Amount.Credits(1000), Amount.Credits(45.5m),
        Amount.UsdCents(2200), "R-261120-00000001", InvoiceId: null);

    private TenantEvents Events => new(new OutboxWriter(postgres.Clock, new OutboxBell()), postgres.Clock);

    [Fact]
    public void The_body_says_what_happened_with_exact_amounts_and_their_units()
    {
        var message = EventMessage.Of(
            Guid.Parse("aaaaaaaa-0000-8000-8000-000000000001"), TenantEvent.PurchaseSettled, Settled,
            new DateTimeOffset(2026, 11, 20, 13, 0, 0, 5, TimeSpan.FromHours(1)));

        Assert.Equal(
            """
            {"id":"evt_aaaaaaaa000080008000000000000001","type":"purchase.settled","version":1,"occurred_at":"2026-11-20T12:00:00.005Z",
            "data":{"purchase_id":"01990000-0000-7000-8000-000000000001","kind":"on_session","bought":{"value":1000,"unit":"credits"},
            "bonus":{"value":45.5,"unit":"credits"},"price":{"value":22,"unit":"usd"},"receipt_number":"R-261120-00000001",
            "invoice_id":null}}
            """.ReplaceLineEndings(""), message.Body);
    }

    [Fact]
    public async Task The_same_fact_published_twice_is_one_event_with_one_id()
    {
        var tenant = Ids.New();

        await PublishAsync(tenant, "first");
        await PublishAsync(tenant, "first");
        await PublishAsync(tenant, "second");

        var events = await postgres.Database.EventsAsync(tenant);
        Assert.Equal(2, events.Select(one => one.Id).Distinct().Count());
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public async Task An_event_of_a_transaction_that_rolls_back_never_was()
    {
        var tenant = Ids.New();
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            Events.Publish(unit, tenant, TenantEvent.PurchaseSettled, Settled, "rolled-back");
        }

        Assert.Empty(await postgres.Database.EventsAsync(tenant));
    }

    [Fact]
    public void Two_tenants_never_share_an_events_id()
    {
        var at = postgres.Clock.GetUtcNow();

        var (one, other) = (
            EventMessage.Of(Ids.New(), TenantEvent.NumberResumed, Settled, "same", at),
            EventMessage.Of(Ids.New(), TenantEvent.NumberResumed, Settled, "same", at));

        Assert.NotEqual(one.Id, other.Id);
    }

    private async Task PublishAsync(Guid tenant, string key)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant); // the tenant's own role may publish
        Events.Publish(unit, tenant, TenantEvent.PurchaseSettled, Settled, key);
        await unit.CommitAsync();
    }
}
