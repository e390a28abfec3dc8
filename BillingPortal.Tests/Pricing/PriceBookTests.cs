using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Pricing;

/// <summary>The seeded price list, effective dates, a tenant's own prices, and who may see them.</summary>
public sealed class PriceBookTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("voice", "1", "25")]
    [InlineData("voice", "1.01", "50")]
    [InlineData("voice", "5.5", "150")]
    [InlineData("sms_outbound", "2", "10")]
    [InlineData("sms_inbound", "3", "3")]
    [InlineData("email", "7", "7")]
    [InlineData("number_set_up", "1", "500")]
    [InlineData("number_monthly", "1", "100")]
    public async Task The_credits_plan_is_rated_by_the_price_list(string service, string quantity, string expected) =>
        Assert.Equal(Amount.Credits(Decimal(expected)), await RateAsync(Unit.Credits, service, Decimal(quantity)));

    [Theory]
    [InlineData("voice", "5.5", "0.375")]
    [InlineData("voice", "1", "0.15")]
    [InlineData("voice", "0.333", "0.1167")]
    [InlineData("voice", "0.001", "0.1001")]
    [InlineData("sms_outbound", "1", "0.02")]
    [InlineData("sms_inbound", "1", "0.02")]
    [InlineData("email", "1", "0.01")]
    [InlineData("fax", "3", "0.45")]
    [InlineData("file_transfer", "2", "0.10")]
    [InlineData("number_set_up", "1", "5")]
    [InlineData("number_monthly", "1", "1")]
    public async Task The_wallet_plan_is_rated_in_dollars_rounded_half_up_once(string service, string quantity, string expected) =>
        Assert.Equal(Amount.Usd(Decimal(expected)), await RateAsync(Unit.Usd, service, Decimal(quantity)));

    [Theory]
    [InlineData("fax")]
    [InlineData("file_transfer")]
    [InlineData("teleport")]
    public async Task What_has_no_price_is_not_offered(string service) =>
        Assert.Null(await RateAsync(Unit.Credits, service, 1));

    [Fact]
    public async Task The_price_in_force_when_it_happened_counts()
    {
        var tenantId = Ids.New();
        await ChangeAsync(
            OwnPrice(tenantId, ServiceCodes.Email, 2, Noon.AddDays(-10), Noon.AddDays(-5)),
            OwnPrice(tenantId, ServiceCodes.Email, 4, Noon.AddDays(-1)));
        using var book = Book();

        Task<Amount?> At(double days) => book.RateAsync(tenantId, Unit.Credits, ServiceCodes.Email, 1, Noon.AddDays(days));
        Assert.Equal(Amount.Credits(1), await At(-10.01));
        Assert.Equal(Amount.Credits(2), await At(-10));
        Assert.Equal(Amount.Credits(1), await At(-5));
        Assert.Equal(Amount.Credits(4), await At(-1));
        Assert.Equal(Amount.Credits(1), await book.RateAsync(Ids.New(), Unit.Credits, ServiceCodes.Email, 1, Noon));
    }

    [Fact]
    public async Task A_service_can_be_withdrawn_from_one_tenant()
    {
        var tenantId = Ids.New();
        await ChangeAsync(OwnPrice(tenantId, ServiceCodes.Voice, 0, Noon, isOffered: false));
        using var book = Book();

        Assert.Null(await book.RateAsync(tenantId, Unit.Credits, ServiceCodes.Voice, 1, Noon));
        Assert.NotNull(await book.RateAsync(tenantId, Unit.Credits, ServiceCodes.Voice, 1, Noon.AddTicks(-10)));
    }

    [Fact]
    public async Task A_change_is_seen_after_the_book_forgets()
    {
        var tenantId = Ids.New();
        using var book = Book();
        Assert.Equal(Amount.Credits(1), await book.RateAsync(tenantId, Unit.Credits, ServiceCodes.Email, 1, Noon));
        await ChangeAsync(OwnPrice(tenantId, ServiceCodes.Email, 3, Noon));

        book.Forget();

        Assert.Equal(Amount.Credits(3), await book.RateAsync(tenantId, Unit.Credits, ServiceCodes.Email, 1, Noon));
    }

    [Fact]
    public async Task The_listed_packages_are_for_sale_smallest_first()
    {
        using var book = Book();
        var packages = await new PackageReader(book, postgres.Clock).ListAsync();

        Assert.Equal(
            ["credits-50 150", "credits-100 280", "credits-250 650", "credits-500 1200", "credits-1000 2200", "credits-2500 5000"],
            packages.Select(package => $"{package.Code} {package.PriceCents}"));
    }

    [Fact]
    public async Task A_package_is_found_by_id_or_code()
    {
        using var book = Book();
        var reader = new PackageReader(book, postgres.Clock);
        var byCode = await reader.FindAsync("credits-250");

        Assert.Equal(250, byCode!.Credits);
        Assert.Equal(byCode, await reader.FindAsync(byCode.Id.ToString()));
        Assert.Null(await reader.FindAsync("credits-1"));
    }

    [Fact]
    public async Task A_tenant_sees_its_own_prices_only_and_changes_none()
    {
        var (mine, other) = (Ids.New(), Ids.New());
        await ChangeAsync(OwnPrice(mine, ServiceCodes.Email, 2, Noon), OwnPrice(other, ServiceCodes.Email, 3, Noon));
        await using var unit = await postgres.Database.BeginAsync(mine);
        await using var count = unit.Command("SELECT count(*) FROM tenant_prices");
        Assert.Equal(1L, await count.ExecuteScalarAsync());

        await using var change = unit.Command("UPDATE tenant_prices SET rate_e4 = 1");
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => change.ExecuteNonQueryAsync());
        Assert.Equal("42501", refused.SqlState);
    }

    [Theory]
    [InlineData(Unit.Credits, "voice", "25 credits per started minute")]
    [InlineData(Unit.Usd, "voice", "$0.10 + $0.05 per minute")]
    [InlineData(Unit.Usd, "email", "$0.01 per email")]
    public async Task A_price_can_be_said_in_words(Unit plan, string service, string expected)
    {
        using var book = Book();
        var prices = await book.SnapshotAsync();

        Assert.Equal(expected, prices.Find(Ids.New(), plan, service, Noon)!.ToText());
    }

    private PriceBook Book() => new(postgres.Database, new PricingOptions());

    private async Task<Amount?> RateAsync(Unit plan, string service, decimal quantity)
    {
        using var book = Book();
        return await book.RateAsync(Ids.New(), plan, service, quantity, Noon);
    }

    private async Task ChangeAsync(params TenantPrice[] prices)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.AddRange(prices);
        await unit.CommitAsync();
    }

    private static TenantPrice OwnPrice(
        Guid tenantId, string service, decimal rate, DateTimeOffset from, DateTimeOffset? until = null, bool isOffered = true) =>
        new()
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Plan = Unit.Credits,
            Service = service,
            IsOffered = isOffered,
            RateE4 = Amount.Credits(rate).E4,
            ValidFrom = from,
            ValidUntil = until,
        };

    private static decimal Decimal(string value) => decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
}
