using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>Changes of packages on a real database, each test with packages of its own.</summary>
public sealed class PackageServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Ann = new(ActorKind.Staff, Ids.New(), "Ann Lee (support lead)");

    private DateTimeOffset Now => postgres.Clock.GetUtcNow();

    [Fact]
    public async Task A_new_price_is_for_sale_from_its_moment_on()
    {
        Assert.True((await ChangeAsync(Reprice("credits-250", 700, Now.AddDays(1)))).IsSaved);

        Assert.Equal(650, (await FindAsync("credits-250"))!.PriceCents);
        postgres.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(700, (await FindAsync("credits-250"))!.PriceCents);
        var line = (await LogAsync("credits-250"))[0];
        Assert.Equal(("package.price_changed", Ann.Name), (line.Action, line.ActorName));
        Assert.Contains("$6.50", line.Before, StringComparison.Ordinal);
        Assert.Contains("$7.00", line.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_comes_is_withdrawn_and_comes_back()
    {
        Assert.True((await ChangeAsync(new() { Kind = PackageChangeKind.Add, Credits = 5000, PriceCents = 9500 })).IsSaved);
        postgres.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(9500, (await FindAsync("credits-5000"))!.PriceCents);

        var withdrawal = new PackageChange { Kind = PackageChangeKind.Withdraw, Code = "credits-5000", From = Now.AddDays(1) };
        Assert.True((await ChangeAsync(withdrawal)).IsSaved);
        Assert.True((await ChangeAsync(new() { Kind = PackageChangeKind.Undo, Code = "credits-5000" })).IsSaved);
        postgres.Clock.Advance(TimeSpan.FromDays(2));

        Assert.NotNull(await FindAsync("credits-5000"));
        Assert.Equal(
            ["package.change_withdrawn", "package.withdrawn", "package.added"],
            (await LogAsync("credits-5000")).Select(line => line.Action));
    }

    [Fact]
    public async Task A_scheduled_price_is_withdrawn_and_the_old_one_goes_on()
    {
        await ChangeAsync(Reprice("credits-1000", 2300, Now.AddDays(1)));
        Assert.True((await ChangeAsync(new() { Kind = PackageChangeKind.Undo, Code = "credits-1000" })).IsSaved);

        postgres.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(2200, (await FindAsync("credits-1000"))!.PriceCents);
    }

    [Fact]
    public async Task Nonsense_changes_nothing()
    {
        var before = await Service.ReadAsync();

        var result = await ChangeAsync(Reprice("credits-50", 1, Now.AddDays(1)));

        Assert.Equal(EditOutcome.Refused, result.Outcome);
        Assert.Equal(before.Version, (await Service.ReadAsync()).Version);
        Assert.Empty(await LogAsync("credits-50"));
    }

    [Fact]
    public async Task Only_one_of_several_leads_changes_what_all_looked_at()
    {
        var seen = (await Service.ReadAsync()).Version;

        var results = await Task.WhenAll(Enumerable.Range(1, 6).Select(n =>
            Service.ChangeAsync(Ann, Reprice("credits-2500", 5000 + (n * 100), Now.AddDays(n)), seen)));

        Assert.Single(results, result => result.IsSaved);
        Assert.Equal(5, results.Count(result => result == EditResult.ChangedSince));
        Assert.Single(await LogAsync("credits-2500"));
    }

    // The second guard, should somebody pass the lock by.
    [Fact]
    public async Task The_database_refuses_a_package_that_is_sold_at_two_prices_without_end()
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new CreditPackage(Ids.New(), "credits-100", 100, 300) { ValidFrom = Now });

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => unit.CommitAsync());
        Assert.Equal(PostgresErrorCodes.UniqueViolation, Assert.IsType<PostgresException>(refused.InnerException).SqlState);
    }

    [Fact]
    public async Task A_preview_says_what_is_odd_and_what_was_sold()
    {
        var board = await Service.ReadAsync();

        var preview = await Service.PreviewAsync(Reprice("credits-100", 400, Now.AddDays(40)), board.Version);

        Assert.Null(preview.Refusal);
        Assert.Contains("dearer than 50 credits", Assert.Single(preview.Warnings), StringComparison.Ordinal);
        Assert.Equal((0L, 0L, 0L), (preview.Sales!.Count, preview.Sales.Cents, preview.Sales.RechargeRules));
    }

    private PackageService Service => new(
        postgres.Database, new PriceBook(postgres.Database, new PricingOptions()), new AuditLog(postgres.Clock), new PricingOptions(),
        postgres.Clock);

    private static PackageChange Reprice(string code, int cents, DateTimeOffset from) =>
        new() { Kind = PackageChangeKind.Reprice, Code = code, PriceCents = cents, From = from };

    private async Task<EditResult> ChangeAsync(PackageChange change) =>
        await Service.ChangeAsync(Ann, change, (await Service.ReadAsync()).Version);

    private async Task<CreditPackage?> FindAsync(string code)
    {
        using var book = new PriceBook(postgres.Database, new PricingOptions());
        return await new PackageReader(book, postgres.Clock).FindAsync(code);
    }

    private async Task<IReadOnlyList<AuditLine>> LogAsync(string code) =>
    [
        .. (await new AuditReader(postgres.Database).PageAsync(new AuditFilter { SubjectType = "package", SubjectId = code })).Items
            .Select(item => item.Line),
    ];
}
