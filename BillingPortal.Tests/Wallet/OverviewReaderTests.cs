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

    // 20 days at 10 a day besides the numbers' rent, 300 left; 100 on the 5th day from now, twice: 300 − 100 − 50 = 150, 15 days more.
    [Fact]
    public async Task Renewals_shorten_what_lasts_and_are_no_part_of_the_pace()
    {
        var tenant = await postgres.TenantWithAsync();
        var now = postgres.Clock.GetUtcNow();
        var start = now.AddDays(-20);
        List<Line> lines = [new(start, Amount.Credits(600), EntryKind.Purchase, Service: null)];
        for (var day = start; day < now; day = day.AddDays(1))
        {
            lines.Add(new Line(day.AddMinutes(1), Amount.Credits(-10)));
        }

        lines.Add(new Line(now.AddDays(-3), Amount.Credits(-100), EntryKind.Rent, ServiceCodes.NumberMonthly));
        await TestBooks.WriteAsync(postgres.Connections, tenant.Id, Unit.Credits, lines);
        await NumberAsync(tenant.Id, now.AddDays(5));

        var forecast = (await ReadAsync(tenant.Id)).BurnDown.Forecast!;

        Assert.Equal((Amount.Credits(300), Amount.Credits(10)), (forecast.Available, forecast.DailyPace));
        Assert.Equal(new Renewal(now.AddDays(5), Amount.Credits(100), Numbers: 1), Assert.Single(forecast.Renewals));
        Assert.Equal((now.AddDays(20), Amount.Credits(100)), (forecast.LastsUntil, forecast.Rent));
    }

    // Nobody is in trouble who has not begun, whatever the level of an empty account is called in the API.
    [Fact]
    public async Task A_tenant_that_has_not_begun_is_new()
    {
        var tenant = await postgres.TenantWithAsync();

        var overview = await ReadAsync(tenant.Id);

        Assert.Equal((true, AlertLevel.Critical), (overview.IsNew, overview.Level));
        await tenant.CreditAsync(1);
        Assert.False((await ReadAsync(tenant.Id)).IsNew);
    }

    [Fact]
    public async Task The_last_audit_is_told_with_its_time()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        var audit = new LedgerAudit(postgres.Database, postgres.Clock);
        var proven = (await audit.RunAsync(full: false)).ProvenAt;

        Assert.Equal(new AuditState(AuditVerdict.Proven, proven, proven), (await ReadAsync(tenant.Id)).Proof);
    }

    private async Task NumberAsync(Guid tenantId, DateTimeOffset next)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = $"+1415555{Random.Shared.Next(1000, 9999)}",
            Country = "US",
            ProviderSid = "PN" + Ids.New().ToString("N"),
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            AnchorDay = next.Day,
            NextBillingDate = next,
            CreatedAt = postgres.Clock.GetUtcNow(),
            AcquiredAt = postgres.Clock.GetUtcNow(),
        });
        await unit.CommitAsync();
    }

    private GrantService Grants => new(
        postgres.Database, new TopUp(postgres.LedgerWriter, []), new GrantBooks(), postgres.Clock);

    private Task<Overview> ReadAsync(Guid tenantId)
    {
        var days = new EntryDays(postgres.Database);
        var prices = new PriceBook(postgres.Database, new PricingOptions());
        var balances = new BalanceReader(postgres.Database);
        var numbers = new PhoneNumberReader(postgres.Database, prices);
        var alerts = new AlertReader(balances, numbers, postgres.Clock, Options.Create(new NotificationsOptions()));
        return new OverviewReader(
            postgres.Database, balances, alerts, new TransactionReader(postgres.Database, days), days,
            new PackageReader(prices, postgres.Clock), Grants, new ReservedDays(postgres.Clock),
            new RenewalReader(numbers), new LedgerAudit(postgres.Database, postgres.Clock), postgres.Clock)
            .ReadAsync(tenantId, Unit.Credits, Berlin);
    }
}
