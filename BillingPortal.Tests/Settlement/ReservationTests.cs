using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Settlement;

/// <summary>Usage on the wallet plan in monthly mode: rated exactly, reserved at once, never beyond the wallet, paid once.</summary>
public sealed class ReservationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly SettlementWorld _world = new(postgres, Noon);

    [Fact]
    public async Task A_call_of_five_and_a_half_minutes_is_reserved_with_exactly_37_and_a_half_cents()
    {
        var tenant = await _world.TenantAsync(usd: 1);

        var result = await _world.UseAsync(tenant, "voice", 5.5m, "call-1");

        Assert.Equal(new UsageResult(UsageOutcome.Posted, Amount.Usd(0.375m), Amount.Usd(1), Amount.Usd(0.625m)), result);
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(1), Amount.Usd(0.375m)), (balance.Posted, balance.Held));
        var line = Assert.Single((await _world.Reader.ReadAsync(tenant.Id)).Services);
        Assert.Equal(("voice", 5.5m, 1, Amount.Usd(0.375m)), (line.Service, line.Quantity, line.Events, line.Amount));
    }

    [Fact]
    public async Task Ten_thousand_such_calls_are_one_debit_of_exactly_3750_dollars()
    {
        var tenant = await _world.TenantAsync(usd: 3750);

        for (var batch = 0; batch < 20; batch++)
        {
            var calls = Enumerable.Range(0, 500).Select(call => UsageFixtures.Event("voice", 5.5m, $"call-{batch}-{call}", Noon));
            var results = await _world.Usage.RecordAsync(tenant.Id, Unit.Usd, [.. calls]);
            Assert.All(results, result => Assert.Equal(UsageOutcome.Posted, result.Outcome));
        }

        Assert.Equal(UsageOutcome.Insufficient, (await _world.UseAsync(tenant, "email", 1)).Outcome);
        _world.Clock.MoveTo(new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero));
        await _world.Settlement.RunAsync();
        var entry = Assert.Single(await _world.SettlementsAsync(tenant));
        Assert.Equal((-37_500_000L, 0L), (entry.AmountE4, entry.BalanceAfterE4));
        var line = Assert.Single(await _world.Reader.LinesAsync(tenant.Id, BillingPortal.Settlement.BillingMonth.Of(Noon)));
        Assert.Equal((55_000m, 10_000, Amount.Usd(3750)), (line.Quantity, line.Events, line.Amount));
        await tenant.AssertBooksBalanceAsync(expected: 0, Unit.Usd);
    }

    // 40 callers with 5 calls each of 0.375 race for 10 dollars: exactly 26 calls fit.
    [Fact]
    public async Task Racing_calls_never_reserve_beyond_the_wallet()
    {
        var tenant = await _world.TenantAsync(usd: 10);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(async caller =>
            await _world.Usage.RecordAsync(
                tenant.Id, Unit.Usd, [.. Enumerable.Range(0, 5).Select(call => UsageFixtures.Event("voice", 5.5m, $"{caller}-{call}"))])));

        Assert.Equal(26, outcomes.SelectMany(one => one).Count(result => result.Outcome is UsageOutcome.Posted));
        Assert.Equal(Amount.Usd(0.25m), (await tenant.BalanceAsync(Unit.Usd)).Available);
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    [Fact]
    public async Task A_repeated_reference_is_reserved_once_and_says_when_it_differs()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        await _world.UseAsync(tenant, "voice", 5.5m, "call-1", Noon);

        var repeat = await _world.UseAsync(tenant, "voice", 5.5m, "call-1", Noon);
        var other = await _world.UseAsync(tenant, "voice", 9, "call-1", Noon);

        Assert.Equal(
            (UsageOutcome.Duplicate, Amount.Usd(0.375m), false, (string?)null),
            (repeat.Outcome, repeat.Amount, repeat.Differs, repeat.EntryId));
        Assert.Equal((UsageOutcome.Duplicate, Amount.Usd(0.375m), true), (other.Outcome, other.Amount, other.Differs));
        Assert.Equal(Amount.Usd(0.375m), (await tenant.BalanceAsync(Unit.Usd)).Held);
    }

    [Theory]
    [InlineData(SettlementMode.Monthly, SettlementMode.Immediate)]
    [InlineData(SettlementMode.Immediate, SettlementMode.Monthly)]
    public async Task A_reference_is_paid_once_whichever_mode_it_met_first(SettlementMode first, SettlementMode second)
    {
        var tenant = await _world.TenantAsync(usd: 1, first);
        await _world.UseAsync(tenant, "fax", 2, "fax-1", Noon);
        await _world.SetAsync(tenant, Unit.Usd, second);

        var repeat = await _world.UseAsync(tenant, "fax", 2, "fax-1", Noon);

        Assert.Equal((UsageOutcome.Duplicate, Amount.Usd(0.3m), false), (repeat.Outcome, repeat.Amount, repeat.Differs));
        Assert.Equal(Amount.Usd(0.7m), (await tenant.BalanceAsync(Unit.Usd)).Available);
    }

    [Fact]
    public async Task A_repeat_after_the_settlement_names_its_entry()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        await _world.UseAsync(tenant, "email", 3, "mail-1", Noon);
        _world.Clock.MoveTo(new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero));
        await _world.Settlement.RunAsync();

        var repeat = await _world.UseAsync(tenant, "email", 3, "mail-1", Noon);

        Assert.Equal(
            (UsageOutcome.Duplicate, "usd-2", Amount.Usd(0.03m), false),
            (repeat.Outcome, repeat.EntryId, repeat.Amount, repeat.Differs));
        await tenant.AssertBooksBalanceAsync(expected: 0.97m, Unit.Usd);
    }

    [Fact]
    public async Task What_was_reserved_for_a_call_by_hold_is_not_reserved_again_by_an_event()
    {
        var tenant = await _world.TenantAsync(usd: 5);
        await postgres.Holds().HoldAsync(tenant.Id, Unit.Usd, new HoldRequest("voice", 2, "call-1", null));
        await _world.UseAsync(tenant, "voice", 2, "call-2");

        var used = await _world.UseAsync(tenant, "voice", 2, "call-1");
        var held = await postgres.Holds().HoldAsync(tenant.Id, Unit.Usd, new HoldRequest("voice", 2, "call-2", null));

        Assert.Equal((UsageOutcome.Duplicate, true), (used.Outcome, used.Differs));
        Assert.Equal(HoldOutcome.ReferenceUsed, held.Outcome);
        Assert.Equal(Amount.Usd(0.4m), (await tenant.BalanceAsync(Unit.Usd)).Held);
    }

    [Fact]
    public async Task A_refused_event_leaves_nothing_and_is_judged_anew()
    {
        var tenant = await _world.TenantAsync(usd: 0.1m);

        Assert.Equal(UsageOutcome.Insufficient, (await _world.UseAsync(tenant, "fax", 1, "fax-1")).Outcome);
        Assert.Empty(await _world.ReservedAsync(tenant));
        await tenant.CreditAsync(0.05m, unit: Unit.Usd);

        Assert.Equal(UsageOutcome.Posted, (await _world.UseAsync(tenant, "fax", 1, "fax-1")).Outcome);
    }

    [Fact]
    public async Task A_reservation_that_falls_below_the_threshold_asks_for_a_recharge()
    {
        var tenant = await _world.TenantAsync(usd: 11);
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            await tenant.Ledger.SetRechargeBelowAsync(unit, tenant.Id, Unit.Usd, Amount.Usd(10));
            await unit.CommitAsync();
        }

        await _world.UseAsync(tenant, "voice", 18); // 10.00 are left: not below
        Assert.Null(await RequestAsync(tenant));
        await _world.UseAsync(tenant, "email", 1);
        await _world.UseAsync(tenant, "email", 1);

        Assert.Equal(1L, await RequestAsync(tenant));
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    [Fact]
    public async Task A_refund_takes_what_is_available_and_leaves_what_is_reserved()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        await _world.UseAsync(tenant, "voice", 58, "long-call", Noon); // 3.00

        await tenant.ClawBackAsync(9, unit: Unit.Usd);

        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(3), Amount.Usd(3), Amount.Usd(2)), (balance.Posted, balance.Held, balance.Debt));
        _world.Clock.MoveTo(new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero));
        await _world.Settlement.RunAsync();
        balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(0), Amount.Usd(2)), (balance.Posted, balance.Debt));
    }

    private async Task<long?> RequestAsync(TestTenant tenant)
    {
        await using var command = postgres.Database.Ops.CreateCommand("SELECT version FROM recharge_requests WHERE tenant_id = $1");
        command.Parameters.Add(new() { Value = tenant.Id });
        return await command.ExecuteScalarAsync() as long?;
    }
}
