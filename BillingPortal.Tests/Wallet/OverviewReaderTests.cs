using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Notifications;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Tests.Support;
using BillingPortal.Wallet;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Wallet;

public sealed class OverviewReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Berlin = "Europe/Berlin";

    // Every day since 10 October one call for 10 and a message for 5, half of the messages given back; 1,000 bought at the start.
    [Fact]
    public async Task Days_month_and_pace_are_reckoned_in_the_tenants_zone()
    {
        var tenant = await postgres.TenantWithAsync();
        var start = new DateTimeOffset(2026, 10, 10, 9, 0, 0, TimeSpan.Zero);
        var lines = new List<Line> { new(start, Amount.Credits(1_000), EntryKind.Purchase, Service: null) };
        for (var day = start; day < postgres.Clock.GetUtcNow(); day = day.AddDays(1))
        {
            lines.Add(new Line(day.AddMinutes(1), Amount.Credits(-10)));
            lines.Add(new Line(day.AddMinutes(2), Amount.Credits(-5), Service: "sms_outbound"));
            lines.Add(new Line(day.AddMinutes(3), Amount.Credits(2.5m), EntryKind.Refund, "sms_outbound"));
        }

        await TestBooks.WriteAsync(postgres.Connections, tenant.Id, Unit.Credits, lines);
        var overview = await ReadAsync(tenant.Id);

        Assert.Equal(Amount.Credits(1_000 - (42 * 12.5m)), overview.Balance.Available);
        Assert.Equal(Amount.Credits(12.5m), overview.BurnDown.Forecast!.DailyPace);
        Assert.Equal(postgres.Clock.GetUtcNow().AddDays(38), overview.BurnDown.Forecast.LastsUntil);
        Assert.Equal(
            [("voice", 200m), ("sms_outbound", 50m)], overview.ThisMonth.Select(use => (use.Service, use.Used.ToDecimal())));
        Assert.Equal(30, overview.BurnDown.Days.Count);
        Assert.Equal(new DateOnly(2026, 10, 22), overview.BurnDown.Days[0].Day);
        Assert.All(overview.BurnDown.Days, day => Assert.Equal(Amount.Credits(12.5m), day.Used));
        Assert.Equal(overview.Balance.Posted + Amount.Credits(29 * 12.5m), overview.BurnDown.Days[0].EndBalance);
    }

    [Fact]
    public async Task A_held_amount_is_not_available_and_an_empty_wallet_is_not_shown()
    {
        var tenant = await postgres.TenantWithAsync(credits: 300);
        await tenant.HoldAsync(120);

        var overview = await ReadAsync(tenant.Id);

        Assert.Equal((300m, 120m, 180m), (
            overview.Balance.Posted.ToDecimal(), overview.Balance.Held.ToDecimal(), overview.Balance.Available.ToDecimal()));
        Assert.Equal(AlertLevel.Low, overview.Level);
        Assert.Null(overview.Other);
        Assert.Null(overview.BurnDown.Forecast);
    }

    // 1,045 credits at the price of the 1,000 package, $22.00: the example of the design.
    [Fact]
    public async Task Credits_are_worth_what_the_largest_package_within_them_costs()
    {
        var tenant = await postgres.TenantWithAsync(credits: 1_045);

        Assert.Equal(Amount.Usd(22.99m), (await ReadAsync(tenant.Id)).MoneyValue);
    }

    [Fact]
    public async Task Credits_that_expire_are_shown_with_what_is_left_of_them()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await Grants.GiveAsync(tenant.Id, Amount.Credits(50), postgres.Clock.GetUtcNow().AddDays(9), "Welcome", "welcome");
        await tenant.DebitAsync(20);

        var soonest = Assert.Single((await ReadAsync(tenant.Id)).Expiring);

        Assert.Equal(Amount.Credits(30), soonest.Remaining);
    }

    private GrantService Grants => new(
        postgres.Database, new TopUp(postgres.LedgerWriter, []), new GrantBooks(), postgres.Clock);

    private Task<Overview> ReadAsync(Guid tenantId)
    {
        var days = new EntryDays(postgres.Database);
        var prices = new PriceBook(postgres.Database, new PricingOptions());
        var balances = new BalanceReader(postgres.Database);
        var alerts = new AlertReader(
            balances, new PhoneNumberReader(postgres.Database, prices), postgres.Clock,
            Options.Create(new NotificationsOptions()));
        return new OverviewReader(
            postgres.Database, balances, alerts, new TransactionReader(postgres.Database, days), days,
            new PackageReader(prices, postgres.Clock), Grants, new ReservedDays(postgres.Clock), postgres.Clock)
            .ReadAsync(tenantId, Unit.Credits, Berlin);
    }
}
