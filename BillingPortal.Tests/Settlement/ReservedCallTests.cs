using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Settlement;

/// <summary>Calls by hold in monthly mode: what they took becomes part of the month in the moment in which the hold ends.</summary>
public sealed class ReservedCallTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SettlesAt = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);

    private readonly SettlementWorld _world = new(postgres, Noon);

    [Fact]
    public async Task A_captured_hold_is_reserved_with_its_month_and_sets_the_rest_free()
    {
        var tenant = await _world.TenantAsync(usd: 10);
        var hold = await HoldAsync(tenant, minutes: 10);

        var end = await _world.Holds.CaptureAsync(tenant.Id, hold, 5.5m);
        var repeat = await _world.Holds.CaptureAsync(tenant.Id, hold, 5.5m);

        Assert.Equal((HoldOutcome.Done, Amount.Usd(0.375m), Amount.Usd(10), (string?)null),
            (end.Outcome, end.Amount, end.Balance, end.EntryId));
        Assert.Equal((HoldOutcome.Duplicate, Amount.Usd(0.375m), false), (repeat.Outcome, repeat.Amount, repeat.Differs));
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(10), Amount.Usd(0.375m)), (balance.Posted, balance.Held));
        await SettleAsync(tenant, Amount.Usd(0.375m));
        repeat = await _world.Holds.CaptureAsync(tenant.Id, hold, 5.5m);
        Assert.Equal((HoldOutcome.Duplicate, "usd-2"), (repeat.Outcome, repeat.EntryId));
        await tenant.AssertBooksBalanceAsync(expected: 9.625m, Unit.Usd);
    }

    // 0.20 are held of 1.00, the call costs 1.60: the whole dollar is reserved, 0.60 are owed.
    [Fact]
    public async Task What_a_call_took_beyond_hold_and_available_is_owed_and_the_rest_reserved()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        var hold = await HoldAsync(tenant, minutes: 2);

        var end = await _world.Holds.CaptureAsync(tenant.Id, hold, 30);
        var repeat = await _world.Holds.CaptureAsync(tenant.Id, hold, 30);

        Assert.Equal((Amount.Usd(1), Amount.Usd(0), Amount.Usd(0.6m)), (end.Amount, end.Available, end.Debt));
        Assert.Equal((HoldOutcome.Duplicate, Amount.Usd(1), false), (repeat.Outcome, repeat.Amount, repeat.Differs));
        await _world.AssertAuditIsCleanAsync(tenant);
        await SettleAsync(tenant, Amount.Usd(1));
        await tenant.CreditAsync(5, unit: Unit.Usd);
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(4.4m), Amount.Usd(0)), (balance.Posted, balance.Debt));
    }

    [Fact]
    public async Task A_call_without_a_hold_that_nothing_covers_is_owed_whole_and_once()
    {
        var tenant = await _world.TenantAsync(usd: 0.3m);
        var used = new UsageEvent("voice", 5.5m, "call-1", Noon, null);

        var first = await _world.Calls.SettleAsync(tenant.Id, Unit.Usd, used);
        var repeat = await _world.Calls.SettleAsync(tenant.Id, Unit.Usd, used);
        var empty = await _world.Calls.SettleAsync(tenant.Id, Unit.Usd, used with { ReferenceId = "call-2" });

        Assert.Equal((Amount.Usd(0.375m), (long?)null), (first.Amount, first.Seq));
        Assert.Equal(first, repeat);
        Assert.Equal((Amount.Usd(0.375m), (Guid?)null), (empty.Amount, empty.ReservationId));
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(0.3m), Amount.Usd(0.45m)), (balance.Held, balance.Debt));
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    // One dollar is held, then a refund leaves 3.00 owed: the call takes its 0.375 from the hold, the rest pays the debt.
    [Fact]
    public async Task A_debt_is_repaid_from_what_the_call_leaves_over_never_from_what_it_took()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        var hold = await HoldAsync(tenant, minutes: 18);
        await tenant.ClawBackAsync(3, unit: Unit.Usd);

        await _world.Holds.CaptureAsync(tenant.Id, hold, 5.5m);

        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(0.375m), Amount.Usd(0.375m), Amount.Usd(2.375m)), (balance.Posted, balance.Held, balance.Debt));
        await _world.AssertAuditIsCleanAsync(tenant);
        await SettleAsync(tenant, Amount.Usd(0.375m));
    }

    [Fact]
    public async Task An_expired_hold_is_reserved_from_what_is_available()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        var hold = await HoldAsync(tenant, minutes: 2);
        _world.Clock.Advance(TimeSpan.FromHours(5));
        await new HoldExpiry(postgres.Database, postgres.LedgerWriter, _world.Clock).SweepAsync();

        var end = await _world.Holds.CaptureAsync(tenant.Id, hold, 2);

        Assert.Equal((HoldOutcome.Done, Amount.Usd(0.2m), Amount.Usd(0.8m)), (end.Outcome, end.Amount, end.Available));
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    [Fact]
    public async Task A_released_hold_cannot_be_captured()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        var hold = await HoldAsync(tenant, minutes: 2);
        await _world.Holds.ReleaseAsync(tenant.Id, hold);

        Assert.Equal(HoldOutcome.Ended, (await _world.Holds.CaptureAsync(tenant.Id, hold, 2)).Outcome);
        Assert.Equal(HoldOutcome.UnknownHold, (await _world.Holds.CaptureAsync(tenant.Id, Ids.New(), 2)).Outcome);
        Assert.Empty(await _world.ReservedAsync(tenant));
    }

    [Theory]
    [InlineData(SettlementMode.Monthly, SettlementMode.Immediate)]
    [InlineData(SettlementMode.Immediate, SettlementMode.Monthly)]
    public async Task The_mode_of_the_moment_decides_and_a_capture_is_paid_once_in_either(SettlementMode first, SettlementMode second)
    {
        var tenant = await _world.TenantAsync(usd: 5, first);
        var (before, between) = (await HoldAsync(tenant, minutes: 2), await HoldAsync(tenant, minutes: 2));
        await _world.Holds.CaptureAsync(tenant.Id, before, 2);
        await _world.SetAsync(tenant, Unit.Usd, second);

        var repeat = await _world.Holds.CaptureAsync(tenant.Id, before, 2);
        var end = await _world.Holds.CaptureAsync(tenant.Id, between, 2);

        Assert.Equal((HoldOutcome.Duplicate, Amount.Usd(0.2m), false), (repeat.Outcome, repeat.Amount, repeat.Differs));
        Assert.Equal((HoldOutcome.Done, Amount.Usd(0.2m)), (end.Outcome, end.Amount));
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(4.8m), Amount.Usd(0.2m)), (balance.Posted, balance.Held));
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    // What one process has begun on the books is finished or was never there: the hold ends and the month grows in one.
    [Fact]
    public async Task A_capture_that_is_not_committed_leaves_the_hold_as_it_was()
    {
        var tenant = await _world.TenantAsync(usd: 1);
        var hold = await HoldAsync(tenant, minutes: 2);
        await using (var killed = await postgres.Database.BeginAsync(tenant.Id))
        {
            var posting = tenant.Posting(LedgerOperation.Capture, Amount.Usd(0.2m)) with { HoldId = hold, OccurredAt = Noon };
            var posted = await _world.Reservations.PostAsync(killed, [posting]);
            Assert.Equal(PostOutcome.Posted, posted[0].Outcome);
        }

        Assert.Empty(await _world.ReservedAsync(tenant));
        Assert.Equal(HoldOutcome.Done, (await _world.Holds.CaptureAsync(tenant.Id, hold, 2)).Outcome);
        Assert.Equal(Amount.Usd(0.2m), (await tenant.BalanceAsync(Unit.Usd)).Held);
    }

    [Fact]
    public async Task A_call_that_ends_after_its_month_was_closed_early_is_settled_with_the_next()
    {
        var tenant = await _world.TenantAsync(usd: 5);
        var (first, second) = (await HoldAsync(tenant, minutes: 2), await HoldAsync(tenant, minutes: 2));
        await _world.Holds.CaptureAsync(tenant.Id, first, 2);
        await using (var unit = await postgres.Database.BeginOpsAsync())
        {
            await _world.Settlement.SettleAsync(unit, tenant.Id, BillingMonth.Of(Noon), SettlementReason.PlanChange);
            await unit.CommitAsync();
        }

        await _world.Holds.CaptureAsync(tenant.Id, second, 2);

        Assert.Equal(["2026-11", "2026-12"], (await _world.ReservedAsync(tenant)).Select(row => row.CauseId).Order());
        await _world.AssertAuditIsCleanAsync(tenant);
    }

    // 2,000 calls of 5.5 minutes, 40 at a time, each held, captured and reported once more by the network: 750 dollars.
    [Fact]
    public async Task Thousands_of_calls_through_holds_cost_exactly_their_price()
    {
        var tenant = await _world.TenantAsync(usd: 760);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (number, stopping) =>
            {
                var reference = $"call-{number}";
                var held = await _world.Holds.HoldAsync(
                    tenant.Id, Unit.Usd, new HoldRequest("voice", 6, reference, null), stopping);
                await Task.WhenAll(
                    _world.Holds.CaptureAsync(tenant.Id, held.HoldId!.Value, 5.5m, stopping),
                    _world.Calls.SettleAsync(
                        tenant.Id, Unit.Usd, new UsageEvent("voice", 5.5m, reference, Noon, null), stopping));
            });

        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(760), Amount.Usd(750), Amount.Usd(0)), (balance.Posted, balance.Held, balance.Debt));
        var line = Assert.Single(await _world.Reader.LinesAsync(tenant.Id, BillingMonth.Of(Noon)));
        Assert.Equal((11_000m, 2_000, Amount.Usd(750)), (line.Quantity, line.Events, line.Amount));
        await SettleAsync(tenant, Amount.Usd(750));
    }

    private async Task<Guid> HoldAsync(TestTenant tenant, decimal minutes)
    {
        var held = await _world.Holds.HoldAsync(
            tenant.Id, Unit.Usd, new HoldRequest("voice", minutes, Ids.New().ToString(), null));
        Assert.Equal(HoldOutcome.Done, held.Outcome);
        return held.HoldId!.Value;
    }

    private async Task SettleAsync(TestTenant tenant, Amount expected)
    {
        _world.Clock.MoveTo(SettlesAt);
        await _world.Settlement.RunAsync();
        var entry = Assert.Single(await _world.SettlementsAsync(tenant));
        var billing = Assert.Single(await _world.BillingsAsync(tenant));
        Assert.Equal((-expected, expected), (new Amount(entry.AmountE4, entry.Unit), billing.Amount));
        await _world.AssertAuditIsCleanAsync(tenant);
    }
}
