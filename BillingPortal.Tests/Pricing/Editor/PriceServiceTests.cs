using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using Npgsql;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>Changes of prices on a real database: each with its audit line, one at a time, and never backwards.</summary>
public sealed class PriceServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Actor Ann = new(ActorKind.Staff, Ids.New(), "Ann Lee (support lead)");

    private DateTimeOffset Now => postgres.Clock.GetUtcNow();

    [Fact]
    public async Task A_scheduled_price_counts_from_its_moment_on_and_not_before()
    {
        var key = new PriceKey(Unit.Credits, ServiceCodes.Email);
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var change = Now.AddDays(1);

        Assert.True((await ChangeAsync(new PriceChange { Key = key, Rate = 3, From = change })).IsSaved);
        postgres.Clock.Advance(TimeSpan.FromDays(2));

        // Reported after the change, but it happened before: the old price of 1.
        var late = await postgres.RecordAsync(tenant, UsageFixtures.Event("email", 1, occurredAt: change.AddMinutes(-1)));
        var now = await postgres.RecordAsync(tenant, UsageFixtures.Event("email", 1, occurredAt: change));
        Assert.Equal((Amount.Credits(1), Amount.Credits(3)), (late.Amount, now.Amount));
        await tenant.AssertBooksBalanceAsync(96);
    }

    [Fact]
    public async Task Every_change_stands_in_the_audit_log_with_before_and_after()
    {
        var key = new PriceKey(Unit.Usd, ServiceCodes.Fax);
        await ChangeAsync(new PriceChange { Key = key, IsOffered = false, From = Now.AddDays(3) });

        var line = (await LogAsync(new AuditFilter { Action = "price.", SubjectId = "usd/fax" }))[0];
        Assert.Equal((Ann.Name, "price.changed", (Guid?)null), (line.ActorName, line.Action, line.TenantId));
        Assert.Contains("Fax, wallet plan: Not offered", line.Summary, StringComparison.Ordinal);
        Assert.Contains("$0.15 per page", line.Before, StringComparison.Ordinal);
        Assert.Contains("Not offered", line.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheduled_price_can_be_withdrawn_as_if_it_had_never_been()
    {
        var key = new PriceKey(Unit.Credits, ServiceCodes.Fax);
        await ChangeAsync(new PriceChange { Key = key, Rate = 4, From = Now.AddDays(3) });
        var line = await Reader.LineAsync(key);

        Assert.True((await Service.RemoveAsync(Ann, key, Assert.Single(line.Rows).Id, line.Version)).IsSaved);

        Assert.Empty((await Reader.LineAsync(key)).Rows);
        var told = (await LogAsync(new AuditFilter { SubjectId = key.Subject }))[0];
        Assert.Equal(("price.withdrawn", (string?)null), (told.Action, told.After));
    }

    [Fact]
    public async Task A_price_in_force_cannot_be_withdrawn()
    {
        var key = new PriceKey(Unit.Credits, ServiceCodes.Voice);
        var line = await Reader.LineAsync(key);

        var result = await Service.RemoveAsync(Ann, key, line.Now!.Id, line.Version);

        Assert.Equal(EditOutcome.Refused, result.Outcome);
        Assert.Equal(line.Version, (await Reader.LineAsync(key)).Version);
    }

    [Fact]
    public async Task A_tenants_own_price_goes_before_the_list_until_it_is_ended()
    {
        var tenant = await TenantAsync();
        var key = new PriceKey(Unit.Credits, ServiceCodes.Voice, tenant.Id);
        await ChangeAsync(new PriceChange { Key = key, Rate = 20, PerStarted = true });
        postgres.Clock.Advance(TimeSpan.FromHours(1));
        var line = await Reader.LineAsync(key);
        var inForce = Now;

        Assert.True((await Service.RemoveAsync(Ann, key, line.Now!.Id, line.Version)).IsSaved);
        postgres.Clock.Advance(TimeSpan.FromHours(1));

        using var book = postgres.Prices();
        Assert.Equal(Amount.Credits(20), await book.RateAsync(tenant.Id, Unit.Credits, "voice", 1, inForce));
        Assert.Equal(Amount.Credits(25), await book.RateAsync(tenant.Id, Unit.Credits, "voice", 1, Now));
        var log = await LogAsync(new AuditFilter { TenantId = tenant.Id });
        Assert.Equal(["price.own_ended", "price.own_changed"], log.Select(one => one.Action));
    }

    [Fact]
    public async Task A_tenants_own_price_can_end_by_itself()
    {
        var tenant = await TenantAsync();
        var key = new PriceKey(Unit.Credits, ServiceCodes.SmsInbound, tenant.Id);
        await ChangeAsync(new PriceChange { Key = key, Rate = 0, From = Now.AddDays(1), Until = Now.AddDays(2) });

        using var book = postgres.Prices();
        Task<Amount?> At(int days) => book.RateAsync(tenant.Id, Unit.Credits, "sms_inbound", 1, Now.AddDays(days));
        Assert.Equal([Amount.Credits(1), Amount.Credits(0), Amount.Credits(1)], [await At(0), await At(1), await At(2)]);
    }

    [Fact]
    public async Task An_unknown_tenant_gets_no_price()
    {
        var result = await ChangeAsync(new PriceChange { Key = new(Unit.Credits, ServiceCodes.Email, Ids.New()), Rate = 2 });

        Assert.Equal(EditOutcome.Refused, result.Outcome);
        Assert.Contains("no such tenant", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nonsense_changes_nothing()
    {
        var key = new PriceKey(Unit.Usd, ServiceCodes.Email);
        var before = await Reader.LineAsync(key);

        var result = await ChangeAsync(new PriceChange { Key = key, Rate = 1, From = Now.AddDays(-1) });

        Assert.Equal(EditOutcome.Refused, result.Outcome);
        Assert.Equal(before.Version, (await Reader.LineAsync(key)).Version);
        Assert.Empty(await LogAsync(new AuditFilter { SubjectId = key.Subject }));
    }

    // Six leads look at the same price and save six different changes at once: one is saved, the others are told.
    [Fact]
    public async Task Only_one_of_several_leads_changes_what_all_looked_at()
    {
        var key = new PriceKey(Unit.Usd, ServiceCodes.SmsOutbound);
        var seen = (await Reader.LineAsync(key)).Version;

        var results = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => Service.ChangeAsync(
            Ann, new PriceChange { Key = key, Rate = 0.02m + (n * 0.01m), From = Now.AddDays(n) }, seen)));

        Assert.Single(results, result => result.Outcome is EditOutcome.Saved);
        Assert.Equal(5, results.Count(result => result == EditResult.ChangedSince));
        Assert.Equal(2, (await Reader.LineAsync(key)).Rows.Count);
        Assert.Single(await LogAsync(new AuditFilter { SubjectId = key.Subject }));
    }

    [Fact]
    public async Task Who_looked_before_somebody_elses_change_is_told_so()
    {
        var key = new PriceKey(Unit.Usd, ServiceCodes.SmsInbound);
        var seen = (await Reader.LineAsync(key)).Version;
        await ChangeAsync(new PriceChange { Key = key, Rate = 0.03m, From = Now.AddDays(1) });

        var result = await Service.ChangeAsync(Ann, new PriceChange { Key = key, Rate = 0.04m, From = Now.AddDays(2) }, seen);

        Assert.Equal(EditOutcome.ChangedSince, result.Outcome);
        Assert.Contains("Somebody changed this since you looked", result.Detail, StringComparison.Ordinal);
    }

    // The second guard, should somebody pass the lock by.
    [Theory]
    [InlineData(
        "INSERT INTO prices (id, plan, service, is_offered, base_e4, rate_e4, per_started, valid_from) "
        + "SELECT gen_random_uuid(), plan, service, true, 0, 1, false, valid_from FROM prices LIMIT 1",
        PostgresErrorCodes.UniqueViolation)]
    [InlineData("UPDATE prices SET rate_e4 = 1", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("UPDATE tenant_prices SET rate_e4 = 1", PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData("UPDATE credit_packages SET price_cents = 1", PostgresErrorCodes.InsufficientPrivilege)]
    public async Task The_database_refuses_to_edit_a_price(string sql, string state)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        await using var command = unit.Command(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(state, refused.SqlState);
    }

    private PriceReader Reader => new(postgres.Database, new PricingOptions(), postgres.Clock);

    private PriceService Service => EditorFixtures.Prices(postgres);

    private async Task<EditResult> ChangeAsync(PriceChange change) =>
        await Service.ChangeAsync(Ann, change, (await Reader.LineAsync(change.Key)).Version);

    private async Task<IReadOnlyList<AuditLine>> LogAsync(AuditFilter filter) =>
        [.. (await new AuditReader(postgres.Database).PageAsync(filter)).Items.Select(item => item.Line)];

    private Task<Tenant> TenantAsync() => EditorFixtures.TenantAsync(postgres, Unit.Credits);
}
