using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Npgsql;

namespace BillingPortal.Tests.Settlement;

/// <summary>The 1st of the month at 02:00 UTC: one debit per tenant and month, whatever happens in between.</summary>
public sealed class SettlementTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SettlesAt = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly November = new(2026, 11, 1);
    private static readonly DateOnly December = new(2026, 12, 1);

    private readonly SettlementWorld _world = new(postgres, Noon);

    [Fact]
    public async Task A_month_is_one_entry_and_one_row_and_a_second_run_changes_nothing()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "voice", 5.5m);
        await _world.UseAsync(tenant, "email", 2);
        _world.Clock.MoveTo(SettlesAt.AddTicks(-1));
        await _world.Settlement.RunAsync();
        Assert.Empty(await _world.BillingsAsync(tenant));

        _world.Clock.MoveTo(SettlesAt);
        await _world.Settlement.RunAsync();
        var again = await _world.Settlement.RunAsync();

        var (entry, billing) = (Assert.Single(await _world.SettlementsAsync(tenant)), Assert.Single(await _world.BillingsAsync(tenant)));
        Assert.Equal(0, again.Settled);
        Assert.Equal(
            (-3_950L, CounterAccount.UsageRevenue, "settlement", "2026-11", "Usage of November 2026, settled"),
            (entry.AmountE4, entry.CounterAccount, entry.CauseType, entry.CauseId, entry.Note));
        Assert.Equal(
            (November, 3_950L, 2, 0, entry.Seq, SettlementReason.MonthEnd, SettlesAt),
            (billing.Month, billing.AmountE4, billing.Events, billing.LateEvents, billing.EntrySeq, billing.Reason, billing.SettledAt));
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(9.605m), Amount.Usd(0)), (balance.Posted, balance.Held));
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    [Fact]
    public async Task What_is_reported_late_is_settled_with_the_next_month_and_says_so()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "email", 1, at: Noon);
        _world.Clock.MoveTo(SettlesAt.AddMinutes(-30));
        await _world.UseAsync(tenant, "email", 1, at: Noon.AddDays(10)); // before two o'clock: not late
        _world.Clock.MoveTo(SettlesAt);
        await _world.Settlement.RunAsync();

        await _world.UseAsync(tenant, "fax", 1, "late", Noon);
        await _world.UseAsync(tenant, "fax", 1, "in time");
        _world.Clock.MoveTo(SettlesAt.AddMonths(1));
        await _world.Settlement.RunAsync();

        Assert.Equal(
            [(November, 200L, 2, 0), (December, 3_000L, 2, 1)],
            (await _world.BillingsAsync(tenant)).Select(row => (row.Month, row.AmountE4, row.Events, row.LateEvents)));
        var late = (await _world.ReservedAsync(tenant)).Single(row => row.Reference == "late");
        Assert.Equal("Fax, 1 page (of November 2026, settled with December 2026)", late.Note);
    }

    // The clock says November still, and the settlement has run: the event goes to December instead of being lost or refused.
    [Fact]
    public async Task An_event_that_the_settlement_overtakes_goes_to_the_next_month()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "email", 1, at: Noon);
        var behind = new SettlementWorld(postgres, Noon);
        _world.Clock.MoveTo(SettlesAt);
        await _world.Settlement.RunAsync();

        var result = await behind.UseAsync(tenant, "email", 1, "overtaken", Noon);

        Assert.Equal(UsageOutcome.Posted, result.Outcome);
        Assert.Equal("2026-12", (await _world.ReservedAsync(tenant)).Single(row => row.Reference == "overtaken").CauseId);
    }

    // Usage keeps coming while its month is settled: each event is in exactly one month, none is lost.
    [Fact]
    public async Task Usage_that_races_with_the_settlement_is_settled_once()
    {
        var tenant = await _world.TenantAsync(usd: 100);
        await _world.UseAsync(tenant, "email", 1, "first", Noon);
        var after = new SettlementWorld(postgres, SettlesAt);
        var reports = Enumerable.Range(0, 200).Select(i => _world.UseAsync(tenant, "email", 1, $"mail-{i}", Noon)).ToList();
        await reports[20];
        await after.Settlement.RunAsync();
        var results = await Task.WhenAll(reports);

        Assert.All(results, result => Assert.Equal(UsageOutcome.Posted, result.Outcome));
        var billing = Assert.Single(await _world.BillingsAsync(tenant));
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal(201 * 100L, billing.AmountE4 + balance.Held.E4);
        Assert.Equal(201, (await _world.ReservedAsync(tenant)).Select(row => row.IdempotencyKey).Distinct().Count());
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    [Fact]
    public async Task Two_processes_settle_each_month_once()
    {
        var tenants = new List<TestTenant>();
        for (var i = 0; i < 30; i++)
        {
            tenants.Add(await _world.TenantAsync(usd: 1));
            await _world.UseAsync(tenants[i], "email", i + 1, at: Noon);
        }

        _world.Clock.MoveTo(SettlesAt);
        await using var other = new LedgerWriter(postgres.Database, _world.Clock);
        var runs = await Task.WhenAll(_world.Settlement.RunAsync(), _world.SettlementWith(other).RunAsync());

        Assert.Equal(0, runs.Sum(run => run.Failed));
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(-100L * (i + 1), Assert.Single(await _world.SettlementsAsync(tenants[i])).AmountE4);
            Assert.Single(await _world.BillingsAsync(tenants[i]));
        }
    }

    // The entry is written, then the process dies before its commit: nothing of it stands, and the next run does it all.
    [Fact]
    public async Task Killed_before_the_commit_nothing_is_half_and_the_next_run_goes_on()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        await _world.UseAsync(tenant, "email", 5, at: Noon);
        _world.Clock.MoveTo(SettlesAt);
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            Assert.NotNull(await _world.Settlement.SettleAsync(
                unit, tenant.Id, BillingMonth.Of(Noon), SettlementReason.MonthEnd));
        }

        Assert.Empty(await _world.SettlementsAsync(tenant));
        Assert.Equal(Amount.Usd(0.05m), (await tenant.BalanceAsync(Unit.Usd)).Held);
        await _world.Settlement.RunAsync();
        Assert.Equal(-500L, Assert.Single(await _world.SettlementsAsync(tenant)).AmountE4);
        Assert.Single(await _world.BillingsAsync(tenant));
    }

    // The batch's connection is cut while it waits for one tenant: it is tried again in halves.
    [Fact]
    public async Task A_connection_that_is_cut_costs_nobody_anything()
    {
        var (waiting, free) = (await _world.TenantAsync(usd: 1), await _world.TenantAsync(usd: 1));
        await _world.UseAsync(waiting, "email", 5, at: Noon);
        await _world.UseAsync(free, "email", 7, at: Noon);
        _world.Clock.MoveTo(SettlesAt);
        Task<SettlementRun> run;
        await using (var blocker = await postgres.Database.BeginOpsAsync())
        {
            await waiting.Ledger.ShareKeysAsync(blocker, waiting.Id); // holds the account's lock
            run = _world.Settlement.RunAsync();
            await CutWaitingAsync();
        }

        Assert.Equal(0, (await run).Failed);
        Assert.Equal(-500L, Assert.Single(await _world.SettlementsAsync(waiting)).AmountE4);
        Assert.Equal(-700L, Assert.Single(await _world.SettlementsAsync(free)).AmountE4);
        Assert.Single(await _world.BillingsAsync(waiting));
        await _world.AssertAuditIsCleanAsync(free);
    }

    // Somebody's row stands in the way of one tenant of seven: the others are settled in the same run, it is not half settled.
    [Fact]
    public async Task A_tenant_in_trouble_holds_up_nobody_of_its_batch()
    {
        var tenants = new List<TestTenant>();
        for (var i = 0; i < 7; i++)
        {
            tenants.Add(await _world.TenantAsync(usd: 1));
            await _world.UseAsync(tenants[i], "email", i + 1, at: Noon);
        }

        var stuck = tenants[3];
        await OwnerAsync(
            "INSERT INTO monthly_billings (tenant_id, month, amount_e4, events, late_events, entry_seq, hold_id, reason, settled_at) "
            + "VALUES ($1, '2026-11-01', 1, 1, 0, 1, $1, 'month_end', now())", stuck);
        _world.Clock.MoveTo(SettlesAt);

        var run = await _world.Settlement.RunAsync();

        Assert.Equal(1, run.Failed);
        foreach (var tenant in tenants)
        {
            Assert.Equal(tenant == stuck ? 0 : 1, (await _world.SettlementsAsync(tenant)).Count);
        }

        await OwnerAsync("DELETE FROM monthly_billings WHERE tenant_id = $1", stuck);
        Assert.Equal(0, (await _world.Settlement.RunAsync()).Failed);
        Assert.Equal(-400L, Assert.Single(await _world.SettlementsAsync(stuck)).AmountE4);
        await _world.AssertAuditIsCleanAsync(stuck);
    }

    [Fact]
    public async Task Months_that_were_missed_are_each_settled_by_themselves()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "email", 1);
        _world.Clock.MoveTo(SettlesAt.AddDays(3));
        await _world.UseAsync(tenant, "email", 2);
        _world.Clock.MoveTo(SettlesAt.AddMonths(1).AddDays(3));
        await _world.UseAsync(tenant, "email", 4);

        await _world.Settlement.RunAsync();

        Assert.Equal(
            [(November, 100L), (December, 200L)], (await _world.BillingsAsync(tenant)).Select(row => (row.Month, row.AmountE4)));
        Assert.Equal(Amount.Usd(0.04m), (await tenant.BalanceAsync(Unit.Usd)).Held);
    }

    [Fact]
    public async Task The_view_for_older_queries_shows_settled_months_and_the_running_one()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "email", 1, at: Noon);
        _world.Clock.MoveTo(SettlesAt);
        await _world.Settlement.RunAsync();
        await _world.UseAsync(tenant, "fax", 1);
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        await using var command = unit.Command(
            "SELECT string_agg(format('%s %s %s %s', billing_month, total_amount, status, usage_count), ', ' ORDER BY billing_month) "
            + "FROM reporting.monthly_billings");

        Assert.Equal("2026-11-01 0.0100 settled 1, 2026-12-01 0.1500 reserved 1", await command.ExecuteScalarAsync());
    }

    // What nobody of the portal may do.
    private async Task OwnerAsync(string sql, TestTenant tenant)
    {
        await using var connection = new NpgsqlConnection(postgres.Connections.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = tenant.Id });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private async Task CutWaitingAsync()
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        while (await command.ExecuteScalarAsync() is not true)
        {
            await Task.Yield();
        }
    }
}
