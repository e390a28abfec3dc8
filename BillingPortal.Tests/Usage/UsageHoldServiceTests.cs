using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;
using static BillingPortal.Tests.Usage.UsageFixtures;

namespace BillingPortal.Tests.Usage;

/// <summary>Reserve for a call, settle what was used.</summary>
public sealed class UsageHoldServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_hold_reserves_the_price_and_says_how_long_the_call_may_last()
    {
        var tenant = await postgres.TenantWithAsync(credits: 260);

        var hold = await HoldAsync(tenant, "voice", 4, "call-1");

        Assert.Equal(
            (HoldOutcome.Done, Amount.Credits(100), Amount.Credits(160), 10m),
            (hold.Outcome, hold.Amount, hold.Available, hold.MaxQuantity));
        Assert.Equal(Amount.Credits(260), (await tenant.BalanceAsync()).Posted);
    }

    // $1.00 pays the connection (0.10) and 18 minutes (0.90).
    [Fact]
    public async Task On_the_wallet_plan_the_call_may_last_as_long_as_the_dollars()
    {
        var tenant = await postgres.TenantWithAsync(usd: 1);

        var hold = await postgres.Holds().HoldAsync(tenant.Id, Unit.Usd, new HoldRequest("voice", 2, "call-1", null));

        Assert.Equal((Amount.Usd(0.20m), Amount.Usd(0.80m), 18m), (hold.Amount, hold.Available, hold.MaxQuantity));
    }

    [Fact]
    public async Task A_capture_posts_what_was_used_and_frees_the_rest()
    {
        var tenant = await postgres.TenantWithAsync(credits: 200);
        var hold = await HoldAsync(tenant, "voice", 4, "call-1");

        var end = await postgres.Holds().CaptureAsync(tenant.Id, hold.HoldId!.Value, 1.5m);
        var repeat = await postgres.Holds().CaptureAsync(tenant.Id, hold.HoldId.Value, 1.5m);
        var other = await postgres.Holds().CaptureAsync(tenant.Id, hold.HoldId.Value, 3m);

        Assert.Equal(
            (HoldOutcome.Done, Amount.Credits(50), Amount.Credits(150), "credits-2"), (end.Outcome, end.Amount, end.Balance, end.EntryId));
        Assert.Equal((HoldOutcome.Duplicate, Amount.Credits(50), false), (repeat.Outcome, repeat.Amount, repeat.Differs));
        Assert.Equal((HoldOutcome.Duplicate, Amount.Credits(50), true), (other.Outcome, other.Amount, other.Differs));
        await tenant.AssertBooksBalanceAsync(expected: 150);
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        var detail = await unit.Db.Set<UsageDetail>().SingleAsync();
        Assert.Equal((1.5m, "call-1"), (detail.Quantity, detail.ReferenceId));
    }

    // 50 held of 60; the call costs 75: 50 from the hold, 10 from available, 15 become debt.
    [Fact]
    public async Task A_call_that_outran_its_hold_leaves_only_the_rest_as_debt()
    {
        var tenant = await postgres.TenantWithAsync(credits: 60);
        var hold = await HoldAsync(tenant, "voice", 2, "call-1");

        var end = await postgres.Holds().CaptureAsync(tenant.Id, hold.HoldId!.Value, 2.5m);

        Assert.Equal((Amount.Credits(60), Amount.Credits(0), Amount.Credits(15)), (end.Amount, end.Balance, end.Debt));
        await tenant.AssertBooksBalanceAsync(expected: 0);
    }

    [Fact]
    public async Task A_release_and_a_capture_of_nothing_give_all_back()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var (one, two) = (await HoldAsync(tenant, "voice", 1, "a"), await HoldAsync(tenant, "voice", 1, "b"));

        var released = await postgres.Holds().ReleaseAsync(tenant.Id, one.HoldId!.Value);
        var nothing = await postgres.Holds().CaptureAsync(tenant.Id, two.HoldId!.Value, 0);

        Assert.Equal((HoldOutcome.Done, Amount.Credits(25), Amount.Credits(75)), (released.Outcome, released.Amount, released.Available));
        Assert.Equal((HoldOutcome.Done, Amount.Credits(100)), (nothing.Outcome, nothing.Available));
        Assert.Equal(HoldOutcome.Ended, (await postgres.Holds().CaptureAsync(tenant.Id, one.HoldId.Value, 1)).Outcome);
        Assert.Equal(HoldOutcome.Duplicate, (await postgres.Holds().ReleaseAsync(tenant.Id, one.HoldId.Value)).Outcome);
    }

    [Fact]
    public async Task A_hold_that_does_not_fit_is_refused_and_says_what_would()
    {
        var tenant = await postgres.TenantWithAsync(credits: 60);

        var hold = await HoldAsync(tenant, "voice", 3, "call-1");

        Assert.Equal(
            (HoldOutcome.Insufficient, Amount.Credits(75), Amount.Credits(60), 2m),
            (hold.Outcome, hold.Amount, hold.Balance, hold.MaxQuantity));
        Assert.Equal(HoldOutcome.Done, (await HoldAsync(tenant, "voice", 2, "call-1")).Outcome);
    }

    [Fact]
    public async Task A_repeated_hold_is_the_same_hold_and_other_content_is_refused()
    {
        var tenant = await postgres.TenantWithAsync(credits: 200);
        var first = await HoldAsync(tenant, "voice", 2, "call-1");

        var repeat = await HoldAsync(tenant, "voice", 2, "call-1");
        var other = await HoldAsync(tenant, "voice", 3, "call-1");

        Assert.Equal((HoldOutcome.Duplicate, first.HoldId, first.Available), (repeat.Outcome, repeat.HoldId, repeat.Available));
        Assert.Equal(HoldOutcome.ReferenceUsed, other.Outcome);
        Assert.Equal(Amount.Credits(50), (await tenant.BalanceAsync()).Held);
    }

    [Fact]
    public async Task One_reference_is_paid_once_by_event_or_by_hold()
    {
        var tenant = await postgres.TenantWithAsync(credits: 200);
        var hold = await HoldAsync(tenant, "voice", 2, "call-1");
        await postgres.Holds().CaptureAsync(tenant.Id, hold.HoldId!.Value, 2);
        await postgres.RecordAsync(tenant, Event("voice", 1, "call-2"));

        var reported = await postgres.RecordAsync(tenant, Event("voice", 2, "call-1"));
        var held = await HoldAsync(tenant, "voice", 1, "call-2");

        Assert.Equal((UsageOutcome.Duplicate, true), (reported.Outcome, reported.Differs));
        Assert.Equal(HoldOutcome.ReferenceUsed, held.Outcome);
        await tenant.AssertBooksBalanceAsync(expected: 125);
    }

    [Fact]
    public async Task Another_tenants_hold_is_unknown()
    {
        var (mine, other) = (await postgres.TenantWithAsync(credits: 100), await postgres.TenantWithAsync(credits: 100));
        var hold = await HoldAsync(other, "voice", 1, "call-1");

        Assert.Equal(HoldOutcome.UnknownHold, (await postgres.Holds().CaptureAsync(mine.Id, hold.HoldId!.Value, 1)).Outcome);
        Assert.Equal(HoldOutcome.UnknownHold, (await postgres.Holds().ReleaseAsync(mine.Id, hold.HoldId.Value)).Outcome);
    }

    [Theory]
    [InlineData("fax", "1", "service_not_offered")]
    [InlineData("teleport", "1", "service_not_offered")]
    public async Task What_is_not_offered_cannot_be_reserved(string service, string quantity, string code)
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);

        var hold = await HoldAsync(tenant, service, decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture), "x");

        Assert.Equal((HoldOutcome.Invalid, code), (hold.Outcome, hold.Fault!.Code));
    }

    private Task<HoldResult> HoldAsync(TestTenant tenant, string service, decimal quantity, string reference) =>
        postgres.Holds().HoldAsync(tenant.Id, Unit.Credits, new HoldRequest(service, quantity, reference, null));
}
