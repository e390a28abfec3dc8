using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>A hold and its three ends.</summary>
public sealed class HoldTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_hold_reserves_and_a_partial_capture_releases_the_remainder()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = await tenant.HoldAsync(60);
        Assert.Equal((Amount.Credits(100), Amount.Credits(40)), (hold.Balance, hold.Available));

        var capture = await tenant.CaptureAsync(hold.HoldId!.Value, 25);

        Assert.Equal((Amount.Credits(25), Amount.Credits(75)), (capture.Posted, capture.Available));
        await tenant.AssertBooksBalanceAsync(expected: 75);
    }

    [Fact]
    public async Task A_hold_beyond_available_is_refused()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        await tenant.HoldAsync(60);

        Assert.Equal(PostOutcome.Insufficient, (await tenant.HoldAsync(41)).Outcome);
        Assert.Equal(PostOutcome.Insufficient, await tenant.DebitAsync(41));
        Assert.Equal(PostOutcome.Posted, await tenant.DebitAsync(40));
    }

    [Fact]
    public async Task A_call_that_outran_its_hold_takes_available_and_only_the_rest_becomes_debt()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = await tenant.HoldAsync(60);
        await tenant.HoldAsync(30);

        var capture = await tenant.CaptureAsync(hold.HoldId!.Value, 85, "call");
        var repeat = await tenant.CaptureAsync(hold.HoldId.Value, 85, "call");

        Assert.Equal((Amount.Credits(70), Amount.Credits(15)), (capture.Posted, capture.Debt));
        Assert.Equal((PostOutcome.Duplicate, false), (repeat.Outcome, repeat.Differs));
        await tenant.AssertBooksBalanceAsync(expected: 30);
    }

    [Fact]
    public async Task A_released_hold_pays_an_open_debt_before_anything_else()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        var hold = await tenant.HoldAsync(50);
        await tenant.ClawBackAsync(20);

        var release = await tenant.ReleaseAsync(hold.HoldId!.Value);

        Assert.Equal((Amount.Credits(50), Amount.Credits(30), Amount.Credits(0)), (release.Posted, release.Available, release.Debt));
        await tenant.AssertBooksBalanceAsync(expected: 30);
    }

    [Fact]
    public async Task A_hold_ends_once()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        var hold = (await tenant.HoldAsync(20)).HoldId!.Value;
        await tenant.ReleaseAsync(hold, "end");

        Assert.Equal(PostOutcome.Duplicate, (await tenant.ReleaseAsync(hold, "end")).Outcome);
        Assert.Equal(PostOutcome.HoldEnded, (await tenant.ReleaseAsync(hold)).Outcome);
        Assert.Equal(PostOutcome.HoldEnded, (await tenant.CaptureAsync(hold, 20)).Outcome);
        Assert.Equal(PostOutcome.UnknownHold, (await tenant.ReleaseAsync(Ids.New())).Outcome);
        await tenant.AssertBooksBalanceAsync(expected: 50);
    }

    [Fact]
    public async Task A_repeated_hold_is_answered_with_the_first_hold()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        var first = await tenant.HoldAsync(20, "call", reference: "CA1");
        await tenant.DebitAsync(10);

        var sameKey = await tenant.HoldAsync(20, "call", reference: "CA1");
        var sameReference = await tenant.HoldAsync(25, "other key", reference: "CA1");

        Assert.Equal((PostOutcome.Duplicate, false, first.HoldId, first.Available),
            (sameKey.Outcome, sameKey.Differs, sameKey.HoldId, sameKey.Available));
        Assert.Equal((PostOutcome.Duplicate, true, first.HoldId), (sameReference.Outcome, sameReference.Differs, sameReference.HoldId));
    }

    [Fact]
    public async Task A_debit_under_the_key_of_a_hold_is_a_repeat_with_other_content()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        await tenant.HoldAsync(20, "sms-7");

        var debit = await tenant.Ledger.PostAsync(tenant.Posting(LedgerOperation.Debit, Amount.Credits(20), "sms-7"));

        Assert.Equal((PostOutcome.Duplicate, true), (debit.Outcome, debit.Differs));
        await tenant.AssertBooksBalanceAsync(expected: 50);
    }

    [Fact]
    public async Task A_capture_may_use_the_key_of_its_hold()
    {
        var tenant = await postgres.TenantWithAsync(credits: 50);
        var hold = (await tenant.HoldAsync(20, "call")).HoldId!.Value;

        Assert.Equal(PostOutcome.Posted, (await tenant.CaptureAsync(hold, 20, "call")).Outcome);
        Assert.Equal(PostOutcome.Duplicate, (await tenant.CaptureAsync(hold, 20, "call")).Outcome);
        var repeat = await tenant.HoldAsync(20, "call");
        Assert.Equal((PostOutcome.Duplicate, hold), (repeat.Outcome, repeat.HoldId));
        await tenant.AssertBooksBalanceAsync(expected: 30);
    }
}
