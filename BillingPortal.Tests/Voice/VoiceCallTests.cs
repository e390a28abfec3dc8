using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Providers.Sms;
using BillingPortal.Tenants;
using BillingPortal.Tests.Webhooks;
using BillingPortal.Usage;
using BillingPortal.Voice;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Voice;

/// <summary>A call is charged once, for what was measured, whoever reports it how often and in which order.</summary>
public sealed class VoiceCallTests(TwilioPortal portal) : IClassFixture<TwilioPortal>
{
    private readonly string _sid = TwilioPortal.NewSid("CA");

    private VoiceCallService Calls => portal.Services.GetRequiredService<VoiceCallService>();

    private UsageHoldService Holds => portal.Services.GetRequiredService<UsageHoldService>();

    // 61 seconds are two started minutes: 50 of the 100 credits that were held.
    [Fact]
    public async Task A_completed_call_takes_its_started_minutes_from_its_hold_and_frees_the_rest()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 1000);
        await HoldAsync(tenant, minutes: 4);

        await portal.SendAsync(TwilioPortal.Genuine("/api/webhooks/twilio/voice", _sid, number));
        var row = Assert.Single(await portal.SettledAsync(_sid));

        Assert.Equal(EventState.Handled, row.State);
        await AssertBalanceAsync(tenant, available: 950, held: 0);
        var call = await portal.CallAsync(_sid);
        Assert.Equal(
            (CallStatus.Completed, CallCharge.Charged, 61, 120, Amount.Credits(50), tenant.Id, CallDirection.Inbound),
            (call!.Status, call.Charge, call.MeasuredSeconds, call.BilledSeconds, call.Amount, call.TenantId, call.Direction));
        Assert.Equal("Voice call, measured 61 s, billed 120 s", (await EntryAsync(tenant, call)).Note);
    }

    // 61 s on the wallet plan: 0.10 + 61/60 × 0.05 = 0.15083333, rounded once to 0.1508 and reserved with the month.
    [Fact]
    public async Task The_wallet_plan_pays_by_the_second()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 10, Unit.Usd);

        await Calls.SettleAsync(News(number, seconds: 61));

        await AssertBalanceAsync(tenant, available: 9.8492m, held: 0.1508m);
        var call = await portal.CallAsync(_sid);
        Assert.Equal((61, 61, Amount.Usd(0.1508m)), (call!.MeasuredSeconds, call.BilledSeconds, call.Amount));
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        var reserved = await unit.Db.Set<HoldExtension>().SingleAsync(one => one.HoldId == call.ReservationId);
        Assert.Equal("Voice call, measured 61 s, billed 61 s", reserved.Note);
    }

    [Theory]
    [InlineData(1, 25)]
    [InlineData(60, 25)]
    [InlineData(61, 50)]
    [InlineData(3600, 1500)]
    public async Task Without_a_hold_it_is_posted_under_the_calls_id(int seconds, int credits)
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 2000);

        var first = await Calls.SettleAsync(News(number, seconds));
        var again = await Calls.SettleAsync(News(number, seconds));
        var reported = await RecordAsync(tenant, minutes: 7);

        Assert.Equal((CallOutcome.Charged, CallOutcome.Charged), (first, again));
        Assert.Equal((UsageOutcome.Duplicate, true), (reported.Outcome, reported.Differs));
        await AssertBalanceAsync(tenant, available: 2000 - credits);
    }

    [Theory]
    [InlineData(CallStatus.Failed)]
    [InlineData(CallStatus.Busy)]
    [InlineData(CallStatus.NoAnswer)]
    [InlineData(CallStatus.Canceled)]
    [InlineData(CallStatus.Completed)]
    public async Task A_call_that_came_to_nothing_frees_its_hold(CallStatus status)
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 100);
        await HoldAsync(tenant, minutes: 4);

        var outcome = await Calls.SettleAsync(News(number, seconds: 0) with { Status = status });

        Assert.Equal(CallOutcome.NotCharged, outcome);
        await AssertBalanceAsync(tenant, available: 100, held: 0);
        var call = await portal.CallAsync(_sid);
        Assert.Equal((status, CallCharge.NotCharged, (Amount?)null), (call!.Status, call.Charge, call.Amount));
    }

    [Fact]
    public async Task Before_its_end_a_call_costs_nothing_and_late_words_never_move_it_back()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 100);
        var news = News(number, seconds: 30);
        await HoldAsync(tenant, minutes: 1);

        Assert.Equal(CallOutcome.Noted, await Calls.SettleAsync(news with { Status = CallStatus.Ringing, DurationSeconds = null }));
        Assert.Equal(CallCharge.Open, (await portal.CallAsync(_sid))!.Charge);
        await AssertBalanceAsync(tenant, available: 75, held: 25);
        await Calls.SettleAsync(news);
        await Calls.SettleAsync(news with { Status = CallStatus.InProgress, DurationSeconds = null });
        await Calls.SettleAsync(news with { Status = CallStatus.Failed, DurationSeconds = null });

        var call = await portal.CallAsync(_sid);
        Assert.Equal((CallStatus.Completed, CallCharge.Charged, 30), (call!.Status, call.Charge, call.MeasuredSeconds));
        await AssertBalanceAsync(tenant, available: 75, held: 0);
    }

    // The hold was given back on "failed"; that the call lasted a minute after all is charged nevertheless, once.
    [Fact]
    public async Task A_call_that_turns_out_to_have_taken_place_is_charged_after_its_hold_was_released()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 100);
        await HoldAsync(tenant, minutes: 4);

        await Calls.SettleAsync(News(number, seconds: 0) with { Status = CallStatus.Failed });
        await Calls.SettleAsync(News(number, seconds: 60));
        await Calls.SettleAsync(News(number, seconds: 60));

        await AssertBalanceAsync(tenant, available: 75);
        Assert.Equal(CallCharge.Charged, (await portal.CallAsync(_sid))!.Charge);
    }

    // 50 held, 60 there, the call costs 75: 15 are owed.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_call_took_beyond_the_balance_is_owed(bool isHeld)
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 60);
        if (isHeld)
        {
            await HoldAsync(tenant, minutes: 2);
        }

        await Calls.SettleAsync(News(number, seconds: 121));
        await Calls.SettleAsync(News(number, seconds: 121));

        var balance = await portal.BalanceAsync(tenant);
        Assert.Equal((Amount.Credits(0), Amount.Credits(15)), (balance.Available, balance.Debt));
        Assert.Equal(Amount.Credits(75), (await portal.CallAsync(_sid))!.Amount);
    }

    [Fact]
    public async Task An_expired_hold_is_captured_from_what_is_available()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 100);
        var hold = await HoldAsync(tenant, minutes: 4);
        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Release,
            Amount = Amount.Credits(0),
            Kind = EntryKind.Expiry,
            Counter = CounterAccount.Expiry,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = portal.Now,
            HoldId = hold,
        });
        await using (var unit = await portal.Database.BeginOpsAsync())
        {
            // As the sweep leaves it; the time itself cannot be moved here.
            await using var owner = new Npgsql.NpgsqlConnection(portal.Connections.Owner);
            await owner.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand("UPDATE holds SET state = 'expired' WHERE id = $1", owner);
            command.Parameters.Add(new() { Value = hold });
            await command.ExecuteNonQueryAsync();
        }

        await Calls.SettleAsync(News(number, seconds: 61));

        await AssertBalanceAsync(tenant, available: 50);
        Assert.Equal(hold, (await portal.CallAsync(_sid))!.HoldId);
    }

    [Fact]
    public async Task A_completed_call_without_its_duration_is_asked_for_at_the_provider_and_else_waits()
    {
        var (_, number) = await portal.TenantWithNumberAsync(balance: 100);
        var news = News(number, seconds: 1) with { DurationSeconds = null };

        await Assert.ThrowsAnyAsync<Exception>(() => Calls.SettleAsync(news)); // no Twilio answers here

        Assert.Null(await portal.CallAsync(_sid));
    }

    [Fact]
    public async Task Our_side_of_the_call_pays_whoever_else_has_a_number()
    {
        var (caller, from) = await portal.TenantWithNumberAsync(balance: 100);
        var (called, to) = await portal.TenantWithNumberAsync(balance: 100);
        var news = News(to, seconds: 60) with { From = from };

        await Calls.SettleAsync(news);
        await Calls.SettleAsync(news with
        {
            CallSid = TwilioPortal.NewSid("CA"),
            Direction = CallDirection.Outbound,
            DurationSeconds = 120,
        });

        await AssertBalanceAsync(called, available: 75);
        await AssertBalanceAsync(caller, available: 50);
    }

    // A hold under somebody else's call id neither pays for it nor is touched by it.
    [Fact]
    public async Task The_numbers_owner_pays_even_when_another_tenant_holds_under_the_calls_id()
    {
        var (owner, number) = await portal.TenantWithNumberAsync(balance: 100);
        var (other, _) = await portal.TenantWithNumberAsync(balance: 100);
        await HoldAsync(other, minutes: 2);

        await Calls.SettleAsync(News(number, seconds: 60));

        await AssertBalanceAsync(owner, available: 75);
        await AssertBalanceAsync(other, available: 50, held: 50);
    }

    [Fact]
    public async Task A_call_of_no_number_of_ours_is_its_holders_unless_two_claim_it()
    {
        var (one, _) = await portal.TenantWithNumberAsync(balance: 100);
        var (two, _) = await portal.TenantWithNumberAsync(balance: 100);
        await HoldAsync(one, minutes: 2);
        var theirs = TwilioPortal.NewSid("CA");
        await HoldAsync(one, minutes: 1, theirs);
        await HoldAsync(two, minutes: 1, theirs);

        Assert.Equal(CallOutcome.Charged, await Calls.SettleAsync(News("+19995550123", seconds: 60)));
        Assert.Equal(CallOutcome.UnknownCall, await Calls.SettleAsync(News("+19995550123", seconds: 60) with { CallSid = theirs }));

        await AssertBalanceAsync(one, available: 50, held: 25);
        await AssertBalanceAsync(two, available: 75, held: 25);
    }

    // What the program reports first is what counts; the call's row shows that, beside what was measured.
    [Fact]
    public async Task A_capture_through_the_API_before_the_webhook_stands()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 100);
        var hold = await HoldAsync(tenant, minutes: 2);
        await Holds.CaptureAsync(tenant.Id, hold, 1);

        await Calls.SettleAsync(News(number, seconds: 61));

        await AssertBalanceAsync(tenant, available: 75);
        var call = await portal.CallAsync(_sid);
        Assert.Equal((61, 60, Amount.Credits(25)), (call!.MeasuredSeconds, call.BilledSeconds, call.Amount));
    }

    // Webhooks, captures, releases and reports of one call all at once: exactly one charge stands.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Racing_reports_of_one_call_charge_it_once(bool isHeld)
    {
        for (var round = 0; round < 10; round++)
        {
            var sid = TwilioPortal.NewSid("CA");
            var (tenant, number) = await portal.TenantWithNumberAsync(balance: 1000);
            var hold = isHeld ? await HoldAsync(tenant, minutes: 2, sid) : Ids.New();
            var news = News(number, seconds: 61) with { CallSid = sid };
            List<Func<Task>> reports =
            [
                () => Calls.SettleAsync(news),
                () => Calls.SettleAsync(news with { Status = CallStatus.Failed, DurationSeconds = null }),
                () => Calls.SettleAsync(news),
                () => Holds.CaptureAsync(tenant.Id, hold, 61m / 60),
                () => isHeld ? Holds.ReleaseAsync(tenant.Id, hold) : RecordAsync(tenant, 61m / 60, sid),
                () => isHeld ? RecordAsync(tenant, 61m / 60, sid) : HoldAsync(tenant, minutes: 2, sid, mayFail: true),
            ];

            await Task.WhenAll(reports.OrderBy(_ => Random.Shared.Next()).Select(report => Task.Run(report)));

            await AssertBalanceAsync(tenant, available: 950, held: 0);
            var call = await portal.CallAsync(sid);
            Assert.Equal((CallCharge.Charged, Amount.Credits(50)), (call!.Charge, call.Amount));
        }
    }

    private CallNews News(string to, int seconds) => new(
        _sid, CallStatus.Completed, "+15551230001", to, CallDirection.Inbound, seconds, portal.Now);

    private async Task<Guid> HoldAsync(Tenant tenant, decimal minutes, string? sid = null, bool mayFail = false)
    {
        var hold = await Holds.HoldAsync(tenant.Id, tenant.Plan, new HoldRequest("voice", minutes, sid ?? _sid, null));
        Assert.True(mayFail || hold.Outcome is HoldOutcome.Done, hold.Outcome.ToString());
        return hold.HoldId ?? Guid.Empty;
    }

    private async Task<UsageResult> RecordAsync(Tenant tenant, decimal minutes, string? sid = null) =>
        (await portal.Services.GetRequiredService<UsageService>().RecordAsync(
            tenant.Id, tenant.Plan, [new UsageEvent("voice", minutes, sid ?? _sid, portal.Now, null)]))[0];

    private async Task<Entry> EntryAsync(Tenant tenant, VoiceCall call)
    {
        await using var unit = await portal.Database.BeginAsync(tenant.Id);
        return await unit.Db.Set<Entry>().SingleAsync(entry => entry.Unit == call.Unit && entry.Seq == call.EntrySeq);
    }

    private async Task AssertBalanceAsync(Tenant tenant, decimal available, decimal held = 0)
    {
        var balance = await portal.BalanceAsync(tenant);
        Assert.Equal((available, held), (balance.Available.ToDecimal(), balance.Held.ToDecimal()));
    }
}
