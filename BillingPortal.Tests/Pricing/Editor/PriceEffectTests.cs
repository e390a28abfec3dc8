using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using BillingPortal.Tenants;
using BillingPortal.Tests.Messaging;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Npgsql;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>
/// What a change would have made of last month, counted on real rows. It is 20 November: last month is October, UTC. Each test has
/// a service or plan for itself, because a general price concerns everybody.
/// </summary>
public sealed class PriceEffectTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset October = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Last_month_is_rated_at_both_prices()
    {
        var (small, large) = (await TenantAsync(Unit.Usd, "Small"), await TenantAsync(Unit.Usd, "Large"));
        await UseAsync(small, "voice", (5.5m, October), (1, October.AddDays(3)));
        await UseAsync(large, "voice", (100, October.AddDays(31).AddTicks(-10)));
        await UseAsync(large, "voice", (7, October.AddTicks(-10)), (7, October.AddDays(31))); // neither is October

        // 0.10 + 0.05 a minute becomes 0.20 + 0.05 a started minute.
        var effect = await EffectAsync(new PriceChange
        {
            Key = new(Unit.Usd, ServiceCodes.Voice),
            Base = 0.20m,
            Rate = 0.05m,
            PerStarted = true,
        });

        Assert.Equal((new DateOnly(2026, 10, 1), 3L, 2L), (effect.Month, effect.Events, effect.Tenants));
        Assert.Equal(Amount.Usd(0.375m + 0.15m + 5.10m), effect.Before);
        Assert.Equal(Amount.Usd(0.50m + 0.25m + 5.20m), effect.After);
        Assert.Equal(Amount.Usd(0.325m), effect.Difference);
        Assert.Equal(["Small", "Large"], effect.Top.Select(tenant => tenant.Name));
    }

    [Fact]
    public async Task Each_event_is_rounded_once_as_rating_does()
    {
        var tenant = await TenantAsync(Unit.Usd);
        await UseAsync(tenant, "fax", (1, October), (1, October), (1, October));

        var effect = await EffectAsync(new PriceChange { Key = new(Unit.Usd, ServiceCodes.Fax, tenant.Id), Rate = 0.0001m });

        Assert.Equal((Amount.Usd(0.45m), Amount.Usd(0.0003m)), (effect.Before, effect.After));
    }

    [Fact]
    public async Task What_would_not_be_offered_would_bring_nothing()
    {
        var tenant = await TenantAsync(Unit.Usd);
        await UseAsync(tenant, "file_transfer", (4, October));

        var effect = await EffectAsync(new PriceChange { Key = new(Unit.Usd, ServiceCodes.FileTransfer), IsOffered = false });

        Assert.Equal((1L, Amount.Usd(0.20m), Amount.Usd(0)), (effect.Events, effect.Before, effect.After));
    }

    [Fact]
    public async Task Tenants_with_a_price_of_their_own_then_are_not_counted()
    {
        var (listed, own) = (await TenantAsync(Unit.Credits), await TenantAsync(Unit.Credits));
        await UseAsync(listed, "email", (10, October));
        await UseAsync(own, "email", (1_000, October));
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            unit.Db.Add(new TenantPrice
            {
                Id = Ids.New(),
                TenantId = own.Id,
                Plan = Unit.Credits,
                Service = ServiceCodes.Email,
                RateE4 = 5_000,
                ValidFrom = October.AddMonths(1),
                ValidUntil = October.AddMonths(3),
            });
            await unit.CommitAsync();
        }

        var change = new PriceChange { Key = new(Unit.Credits, ServiceCodes.Email), Rate = 2 };
        var now = await EffectAsync(change);
        var later = await EffectAsync(change with { From = October.AddMonths(3) });
        var mine = await EffectAsync(change with { Key = change.Key with { TenantId = own.Id } });

        Assert.Equal((1L, 1L, Amount.Credits(10)), (now.Tenants, now.OwnPrices, now.Difference));
        Assert.Equal((2L, 0L, Amount.Credits(1_010)), (later.Tenants, later.OwnPrices, later.Difference)); // its own has ended by then
        Assert.Equal((1L, Amount.Credits(500), Amount.Credits(2_000)), (mine.Events, mine.Before, mine.After));
    }

    [Fact]
    public async Task The_portals_own_messages_count_unless_they_were_given_back()
    {
        var tenant = await TenantAsync(Unit.Credits);
        await UseAsync(tenant, "sms_outbound", (1, October));
        await TestMessages.WriteAsync(
            postgres.Connections, tenant.Id, TestMessages.Message(October.AddDays(2)), TestMessages.Message(October.AddDays(2)),
            TestMessages.Message(October.AddDays(3), SmsState.Undelivered, SmsPayment.Refunded),
            TestMessages.Message(October.AddDays(-1)), TestMessages.Received(October.AddDays(4)));

        var sent = await EffectAsync(new PriceChange { Key = new(Unit.Credits, ServiceCodes.SmsOutbound), Rate = 6 });
        var received = await EffectAsync(new PriceChange { Key = new(Unit.Credits, ServiceCodes.SmsInbound), Rate = 2 });

        Assert.Equal((3L, Amount.Credits(15), Amount.Credits(18)), (sent.Events, sent.Before, sent.After));
        Assert.Equal((1L, Amount.Credits(1)), (received.Events, received.Difference));
    }

    [Fact]
    public async Task Rent_counts_where_it_was_paid_by_the_price_list()
    {
        var tenant = await TenantAsync(Unit.Credits);
        await RentAsync(tenant, ownCost: null, "+14155550001");
        await RentAsync(tenant, ownCost: Amount.Credits(60).E4, "+14155550002");

        var rent = await EffectAsync(new PriceChange { Key = new(Unit.Credits, ServiceCodes.NumberMonthly), Rate = 120 });
        var setUp = await EffectAsync(new PriceChange { Key = new(Unit.Credits, ServiceCodes.NumberSetUp), Rate = 400 });

        Assert.Equal((1L, Amount.Credits(20)), (rent.Events, rent.Difference));
        Assert.Equal(0, setUp.Events); // bought in September
    }

    [Fact]
    public async Task Who_changed_the_plan_since_is_counted_where_it_is_now()
    {
        var tenant = await TenantAsync(Unit.Credits);
        await UseAsync(tenant, "fax", (2, October), plan: Unit.Usd); // it was on the wallet plan then

        var effect = await EffectAsync(new PriceChange { Key = new(Unit.Credits, ServiceCodes.Fax), Rate = 3 });

        Assert.Equal((1L, Amount.Credits(0), Amount.Credits(6)), (effect.Events, effect.Before, effect.After));
    }

    [Fact]
    public async Task A_preview_says_what_saving_would_say()
    {
        var key = new PriceKey(Unit.Usd, ServiceCodes.Email);
        var line = await Reader.LineAsync(key);

        var refused = await Reader.PreviewAsync(new PriceChange { Key = key, Rate = -1 }, line.Version);
        var changed = await Reader.PreviewAsync(new PriceChange { Key = key, Rate = 1 }, Ids.New());

        Assert.Equal(EditOutcome.Refused, refused.Refusal!.Outcome);
        Assert.Equal(EditOutcome.ChangedSince, changed.Refusal!.Outcome);
    }

    // Somebody holds the table: the page is answered after the second that counting may take, and the price can be saved.
    [Fact]
    public async Task Counting_that_takes_too_long_is_given_up()
    {
        var key = new PriceKey(Unit.Usd, ServiceCodes.NumberSetUp);
        await using var owner = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("LOCK TABLE usage_events", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var hasty = new PriceReader(postgres.Database, new PricingOptions { PreviewSeconds = 1 }, postgres.Clock);

        var preview = await hasty.PreviewAsync(new PriceChange { Key = key, Rate = 6 }, (await Reader.LineAsync(key)).Version);

        Assert.Null(preview.Refusal);
        Assert.NotNull(preview.Row);
        Assert.Null(preview.Effect);
    }

    [Theory]
    [InlineData("ACME vo", true)]
    [InlineData("e vo%", true)]
    [InlineData("e vo_", false)]
    public async Task A_tenant_is_found_by_a_part_of_its_name_and_by_nothing_else(string text, bool isFound)
    {
        var tenant = await TenantAsync(Unit.Usd, $"Acme vo%ice {Ids.New():N}");

        var found = await Reader.FindTenantsAsync(text);

        Assert.Equal(isFound, found.Any(one => one.Id == tenant.Id));
        Assert.Single(await Reader.FindTenantsAsync(tenant.Slug));
        Assert.Empty(await Reader.FindTenantsAsync("  "));
    }

    private PriceReader Reader => new(postgres.Database, new PricingOptions(), postgres.Clock);

    private Task<Tenant> TenantAsync(Unit plan, string? name = null) => EditorFixtures.TenantAsync(postgres, plan, name);

    private async Task<PriceEffect> EffectAsync(PriceChange change)
    {
        var preview = await Reader.PreviewAsync(change, (await Reader.LineAsync(change.Key)).Version);
        Assert.Null(preview.Refusal);
        return preview.Effect!;
    }

    private Task UseAsync(Tenant tenant, string service, params (decimal Quantity, DateTimeOffset At)[] uses) =>
        UseAsync(tenant, service, uses, tenant.Plan);

    private Task UseAsync(Tenant tenant, string service, (decimal Quantity, DateTimeOffset At) use, Unit plan) =>
        UseAsync(tenant, service, [use], plan);

    private async Task UseAsync(Tenant tenant, string service, (decimal Quantity, DateTimeOffset At)[] uses, Unit plan)
    {
        var results = await postgres.Usage().RecordAsync(
            tenant.Id, plan, [.. uses.Select(use => UsageFixtures.Event(service, use.Quantity, occurredAt: use.At))]);
        Assert.All(results, result => Assert.Equal(UsageOutcome.Posted, result.Outcome));
    }

    // Bought in September, renewed in October.
    private async Task RentAsync(Tenant tenant, long? ownCost, string e164)
    {
        await SampleMessages.NumberAsync(postgres.Connections, tenant.Id, October.AddDays(60), "Desk", e164);
        await using var unit = await postgres.Database.BeginOpsAsync();
        var number = unit.Db.Set<PhoneNumber>().Single(one => one.Number == e164);
        number.MonthlyCostE4 = ownCost;
        unit.Db.AddRange(new[] { October.AddDays(-10), October.AddDays(20) }.Select(start => new NumberRent
        {
            NumberId = number.Id,
            TenantId = tenant.Id,
            PeriodStart = start,
            PeriodEnd = start.AddDays(30),
            Unit = Unit.Credits,
            AmountE4 = 0,
            PaidAt = start,
        }));
        await unit.CommitAsync();
    }
}
