using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;
using static BillingPortal.Tests.Usage.UsageFixtures;

namespace BillingPortal.Tests.Usage;

/// <summary>Events become debits: rated, once, in order, explained.</summary>
public sealed class UsageServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_event_is_rated_and_debited_with_its_story()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);

        var result = await postgres.RecordAsync(tenant, Event("voice", 2.4m, "call-1", Morning, """{"to":"+15550100"}"""));

        Assert.Equal(
            new UsageResult(UsageOutcome.Posted, Amount.Credits(75), Amount.Credits(25), Amount.Credits(25), "credits-2"), result);
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        var entry = await unit.Db.Set<Entry>().SingleAsync(row => row.Seq == 2);
        Assert.Equal(
            (-750_000L, EntryKind.Usage, CounterAccount.VoiceRevenue, "voice", "call-1", "Voice call, 2.4 minutes", Morning),
            (entry.AmountE4, entry.Kind, entry.CounterAccount, entry.Service, entry.Reference, entry.Note, entry.OccurredAt));
        var detail = await unit.Db.Set<UsageDetail>().SingleAsync();
        Assert.Equal(
            (entry.IdempotencyKey, 2.4m, "25 credits per started minute", """{"to":"+15550100"}"""),
            (detail.IdempotencyKey, detail.Quantity, detail.Rate, detail.Metadata));
        await tenant.AssertBooksBalanceAsync(expected: 25);
    }

    [Fact]
    public async Task On_the_wallet_plan_the_dollar_account_pays()
    {
        var tenant = await postgres.TenantWithAsync(usd: 1);

        var result = (await postgres.Usage().RecordAsync(tenant.Id, Unit.Usd, [Event("voice", 5.5m)]))[0];

        Assert.Equal((Amount.Usd(0.375m), Amount.Usd(0.625m), "usd-2"), (result.Amount, result.Balance, result.EntryId));
    }

    [Fact]
    public async Task A_repeated_reference_debits_once_and_gets_the_first_answer()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var first = await postgres.RecordAsync(tenant, Event("email", 3, "mail-1", Morning));
        await postgres.RecordAsync(tenant, Event("email", 1, "mail-2", Morning));

        var repeat = await postgres.RecordAsync(tenant, Event("email", 3, "mail-1", Morning));
        var untimed = await postgres.RecordAsync(tenant, Event("email", 3, "mail-1"));

        Assert.Equal((UsageOutcome.Posted, Amount.Credits(97)), (first.Outcome, first.Balance));
        Assert.Equal(
            (UsageOutcome.Duplicate, Amount.Credits(3), Amount.Credits(97), first.EntryId, false),
            (repeat.Outcome, repeat.Amount, repeat.Balance, repeat.EntryId, repeat.Differs));
        Assert.False(untimed.Differs);
        await tenant.AssertBooksBalanceAsync(expected: 96);
    }

    // 2.1 and 2.9 minutes cost the same; still the second report says something else.
    [Theory]
    [InlineData("2.9", "2026-11-20T09:00:00Z", null)]
    [InlineData("2.1", "2026-11-20T09:00:01Z", null)]
    [InlineData("2.1", "2026-11-20T09:00:00Z", "{}")]
    [InlineData("3.5", "2026-11-20T09:00:00Z", null)]
    public async Task A_repeat_with_other_content_is_a_duplicate_that_differs(string quantity, string at, string? metadata)
    {
        var tenant = await postgres.TenantWithAsync(credits: 500);
        await postgres.RecordAsync(tenant, Event("voice", 2.1m, "call-1", Morning));
        var culture = System.Globalization.CultureInfo.InvariantCulture;

        var repeat = await postgres.RecordAsync(
            tenant, Event("voice", decimal.Parse(quantity, culture), "call-1", DateTimeOffset.Parse(at, culture), metadata));

        Assert.Equal((UsageOutcome.Duplicate, true, Amount.Credits(75)), (repeat.Outcome, repeat.Differs, repeat.Amount));
    }

    [Fact]
    public async Task The_same_reference_of_another_service_or_tenant_is_another_event()
    {
        var (one, two) = (await postgres.TenantWithAsync(credits: 10), await postgres.TenantWithAsync(credits: 10));

        Assert.Equal(UsageOutcome.Posted, (await postgres.RecordAsync(one, Event("email", 1, "x"))).Outcome);
        Assert.Equal(UsageOutcome.Posted, (await postgres.RecordAsync(one, Event("sms_inbound", 1, "x"))).Outcome);
        Assert.Equal(UsageOutcome.Posted, (await postgres.RecordAsync(two, Event("email", 1, "x"))).Outcome);
    }

    [Fact]
    public async Task A_refused_event_leaves_no_key_and_is_judged_anew()
    {
        var tenant = await postgres.TenantWithAsync(credits: 20);
        var refused = await postgres.RecordAsync(tenant, Event("voice", 1, "call-1"));
        await tenant.CreditAsync(10);
        var taken = await postgres.RecordAsync(tenant, Event("voice", 1, "call-1"));

        Assert.Equal(
            (UsageOutcome.Insufficient, Amount.Credits(25), Amount.Credits(20), (string?)null),
            (refused.Outcome, refused.Amount, refused.Balance, refused.EntryId));
        Assert.Equal((UsageOutcome.Posted, Amount.Credits(5)), (taken.Outcome, taken.Balance));
    }

    // 5 + 25 do not fit into 20: the call is refused, the emails before and after it are taken.
    [Fact]
    public async Task Each_event_of_a_batch_is_judged_by_itself_in_order()
    {
        var tenant = await postgres.TenantWithAsync(credits: 20);

        var results = await postgres.Usage().RecordAsync(tenant.Id, Unit.Credits,
            [Event("email", 15, "a"), Event("voice", 1, "b"), Event("fax", 1, "c"), Event("email", 5, "d"), Event("email", 15, "a")]);

        Assert.Equal(
            [UsageOutcome.Posted, UsageOutcome.Insufficient, UsageOutcome.Invalid, UsageOutcome.Posted, UsageOutcome.Duplicate],
            results.Select(result => result.Outcome));
        Assert.Equal("service_not_offered", results[2].Fault!.Code);
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    [Fact]
    public async Task Events_of_several_tenants_go_together()
    {
        var tenants = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => postgres.TenantWithAsync(credits: 100)));
        var usages = Enumerable.Range(0, 300)
            .Select(i => new TenantUsage(tenants[i % 3].Id, Unit.Credits, Event("email", 1, $"mail-{i}"))).ToList();

        var results = await postgres.Usage().RecordAsync(usages);

        Assert.All(results, result => Assert.Equal(UsageOutcome.Posted, result.Outcome));
        foreach (var tenant in tenants)
        {
            await tenant.AssertBooksBalanceAsync(expected: 0);
        }
    }

    [Fact]
    public async Task The_same_event_reported_by_many_at_once_is_paid_once()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var usage = postgres.Usage();
        var reported = Event("voice", 1, "call-1", Morning);

        var results = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => usage.RecordAsync(tenant.Id, Unit.Credits, [reported])));

        Assert.Single(results, result => result[0].Outcome is UsageOutcome.Posted);
        Assert.Equal(19, results.Count(result => result[0] is { Outcome: UsageOutcome.Duplicate, Differs: false }));
        await tenant.AssertBooksBalanceAsync(expected: 75);
    }

    [Fact]
    public async Task A_service_that_costs_nothing_is_noted_once_and_moves_no_balance()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            unit.Db.Add(new TenantPrice
            {
                Id = Ids.New(),
                TenantId = tenant.Id,
                Plan = Unit.Credits,
                Service = "email",
                ValidFrom = Morning.AddDays(-1),
            });
            await unit.CommitAsync();
        }

        var results = await postgres.Usage().RecordAsync(tenant.Id, Unit.Credits,
            [Event("email", 1, "a", Morning), Event("email", 1, "a", Morning)]);
        var repeat = await postgres.RecordAsync(tenant, Event("email", 2, "a", Morning));

        Assert.Equal([UsageOutcome.Posted, UsageOutcome.Duplicate], results.Select(result => result.Outcome));
        Assert.Equal((UsageOutcome.Duplicate, true), (repeat.Outcome, repeat.Differs));
        await tenant.AssertBooksBalanceAsync(expected: 10);
    }

    [Fact]
    public async Task Metadata_is_kept_as_it_came_whatever_is_in_it()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        const string Metadata = """{"zero":"\u0000","half":"\ud800","huge":1e999999,"twice":1,"twice":2}""";

        var result = await postgres.RecordAsync(tenant, Event("email", 1, "a", Morning, Metadata));
        var repeat = await postgres.RecordAsync(tenant, Event("email", 1, "a", Morning, Metadata));

        Assert.Equal(UsageOutcome.Posted, result.Outcome);
        Assert.Equal((UsageOutcome.Duplicate, false), (repeat.Outcome, repeat.Differs));
    }

    [Fact]
    public async Task A_tenant_reads_its_own_details_and_changes_none()
    {
        var (mine, other) = (await postgres.TenantWithAsync(credits: 10), await postgres.TenantWithAsync(credits: 10));
        await postgres.RecordAsync(mine, Event("email", 1));
        await postgres.RecordAsync(other, Event("email", 1));
        await using var unit = await postgres.Database.BeginAsync(mine.Id);

        Assert.Equal(1, await unit.Db.Set<UsageDetail>().CountAsync());
        await using var change = unit.Command("DELETE FROM usage_events");
        Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => change.ExecuteNonQueryAsync())).SqlState);
    }
}
