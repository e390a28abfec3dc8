using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Notifications;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using BillingPortal.Tests.Pricing.Editor;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Notifications;

/// <summary>A price of rent that staff changes, and the tenants whose balance does not cover it any more.</summary>
public sealed class RentPriceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly WatchWorld _world = new(postgres);

    // 450 credits and a number that renews in three days for 100: good. At 500 it is not covered: critical, by the next look.
    [Fact]
    public async Task A_dearer_rent_is_judged_by_the_next_look()
    {
        var tenant = await _world.TenantAsync(450);
        await _world.NumberAsync(tenant.Id, postgres.Clock.GetUtcNow().AddDays(3));
        await _world.Watch().SweepAsync(1000);
        Assert.Equal(AlertLevel.Good, await LevelAsync(tenant.Id));
        var key = new PriceKey(Unit.Credits, ServiceCodes.NumberMonthly);
        var line = await new PriceReader(postgres.Database, new PricingOptions(), postgres.Clock).LineAsync(key);

        var change = new PriceChange { Key = key, Rate = 500 };
        var lead = new Actor(ActorKind.Staff, Ids.New(), "Ann Lee (support lead)");
        Assert.True((await EditorFixtures.Prices(postgres).ChangeAsync(lead, change, line.Version)).IsSaved);
        postgres.Clock.Advance(TimeSpan.FromMinutes(2));
        await new RentPriceHandler(postgres.Database).HandleAsync(await MessageAsync(), TestContext.Current.CancellationToken);
        await new WatchWorld(postgres).Watch().SweepAsync(1000); // a process that reads the prices anew

        Assert.Equal(AlertLevel.Critical, await LevelAsync(tenant.Id));
    }

    private async Task<OutboxMessage> MessageAsync()
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<OutboxMessage>().AsNoTracking()
            .SingleAsync(message => message.Kind == RentPriceChanged.MessageKind, TestContext.Current.CancellationToken);
    }

    private async Task<AlertLevel> LevelAsync(Guid tenantId)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return (await unit.Db.Set<AlertState>().AsNoTracking()
            .SingleAsync(state => state.TenantId == tenantId, TestContext.Current.CancellationToken)).Level;
    }
}
