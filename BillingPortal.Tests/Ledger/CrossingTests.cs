using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>Available falls below the threshold: the recharge request stands with the posting.</summary>
public sealed class CrossingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly RechargeRequests _requests = new(postgres.Clock);

    [Fact]
    public async Task A_debit_below_the_threshold_requests_a_recharge_once()
    {
        var tenant = await TenantAsync(credits: 120, below: 100);
        await tenant.DebitAsync(20);
        Assert.Null(await LeaseAsync(tenant));

        await tenant.DebitAsync(1);
        await tenant.DebitAsync(50);

        var lease = await LeaseAsync(tenant);
        Assert.Equal((1, 3), (lease!.Version, lease.CrossedSeq));
    }

    [Fact]
    public async Task A_hold_or_an_outrun_capture_crosses_as_well()
    {
        var held = await TenantAsync(credits: 120, below: 100);
        await held.HoldAsync(30);
        Assert.NotNull(await LeaseAsync(held));

        var outrun = await TenantAsync(credits: 130, below: 100);
        var hold = await outrun.HoldAsync(20);
        Assert.Null(await LeaseAsync(outrun));
        await outrun.CaptureAsync(hold.HoldId!.Value, 40);
        Assert.NotNull(await LeaseAsync(outrun));
    }

    [Fact]
    public async Task An_extension_crosses_and_so_does_what_was_used_beyond_the_balance()
    {
        var extended = await TenantAsync(credits: 120, below: 100);
        var hold = await extended.HoldAsync(10);
        Assert.Null(await LeaseAsync(extended));
        await extended.Ledger.PostAsync(
            extended.Posting(LedgerOperation.Extend, Amount.Credits(11)) with { HoldId = hold.HoldId });
        Assert.NotNull(await LeaseAsync(extended));

        var owing = await TenantAsync(credits: 120, below: 100);
        await owing.Ledger.PostAsync(
            owing.Posting(LedgerOperation.ClawBack, Amount.Credits(130)) with { Kind = EntryKind.Usage });
        Assert.NotNull(await LeaseAsync(owing));
    }

    [Fact]
    public async Task A_threshold_saved_above_what_is_available_requests_at_once()
    {
        var tenant = await TenantAsync(credits: 50, below: 100);

        Assert.NotNull(await LeaseAsync(tenant));
    }

    [Fact]
    public async Task A_crossing_during_an_evaluation_keeps_the_request_pending()
    {
        var tenant = await TenantAsync(credits: 101, below: 100);
        await tenant.DebitAsync(10);
        var lease = await LeaseAsync(tenant);
        await tenant.CreditAsync(50);
        await tenant.DebitAsync(50);

        await CompleteAsync(lease!);

        var next = await LeaseAsync(tenant);
        Assert.Equal(2, next!.Version);
        await CompleteAsync(next);
        Assert.Null(await LeaseAsync(tenant));
    }

    [Fact]
    public async Task A_lease_that_was_not_completed_comes_round_again()
    {
        var tenant = await TenantAsync(credits: 50, below: 100);
        Assert.NotNull(await LeaseAsync(tenant));
        Assert.Null(await LeaseAsync(tenant));

        postgres.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(2, (await LeaseAsync(tenant))!.Attempts);
    }

    [Fact]
    public async Task A_crossing_that_is_rolled_back_requests_nothing()
    {
        var tenant = await TenantAsync(credits: 120, below: 100);
        await using (var work = await postgres.Database.BeginAsync(tenant.Id))
        {
            await tenant.Ledger.PostAsync(work, [tenant.Posting(LedgerOperation.Debit, Amount.Credits(50))]);
        }

        Assert.Null(await LeaseAsync(tenant));
    }

    [Fact]
    public async Task A_crossing_rings_the_recharge_channel()
    {
        var tenant = await TenantAsync(credits: 120, below: 100);
        await using var listener = await postgres.Database.Ops.OpenConnectionAsync();
        var heard = new List<string>();
        listener.Notification += (_, notification) => heard.Add(notification.Payload);
        await using (var listen = listener.CreateCommand())
        {
            listen.CommandText = "LISTEN recharge";
            await listen.ExecuteNonQueryAsync();
        }

        await tenant.DebitAsync(50);
        await listener.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Contains(tenant.Id.ToString(), heard);
    }

    [Fact]
    public async Task A_hold_whose_time_is_over_is_ended_by_the_sweep_and_can_still_be_captured()
    {
        var tenant = await postgres.TenantWithAsync(credits: 100);
        var hold = await tenant.HoldAsync(60, expiresAt: postgres.Clock.GetUtcNow().AddHours(4));
        var open = await tenant.HoldAsync(10);
        var sweep = new HoldExpiry(postgres.Database, tenant.Ledger, postgres.Clock);
        await sweep.SweepAsync();
        Assert.Equal(Amount.Credits(30), (await tenant.BalanceAsync()).Available);

        postgres.Clock.Advance(TimeSpan.FromHours(4));
        Assert.True(await sweep.SweepAsync() > 0);
        Assert.Equal(Amount.Credits(90), (await tenant.BalanceAsync()).Available);

        var capture = await tenant.CaptureAsync(hold.HoldId!.Value, 95);
        Assert.Equal((Amount.Credits(90), Amount.Credits(5)), (capture.Posted, capture.Debt));
        Assert.Equal(PostOutcome.Posted, (await tenant.ReleaseAsync(open.HoldId!.Value)).Outcome);
        await tenant.AssertBooksBalanceAsync(expected: 5);
    }

    private async Task<TestTenant> TenantAsync(decimal credits, decimal below)
    {
        var tenant = await postgres.TenantWithAsync(credits);
        await using var work = await postgres.Database.BeginAsync(tenant.Id);
        await tenant.Ledger.SetRechargeBelowAsync(work, tenant.Id, Unit.Credits, Amount.Credits(below));
        await work.CommitAsync();
        return tenant;
    }

    private async Task<RechargeLease?> LeaseAsync(TestTenant tenant)
    {
        await using var ops = await postgres.Database.BeginOpsAsync();
        var leases = await _requests.LeaseAsync(ops, 100, TimeSpan.FromMinutes(5));
        await ops.CommitAsync();
        return leases.SingleOrDefault(lease => lease.TenantId == tenant.Id);
    }

    private async Task CompleteAsync(RechargeLease lease)
    {
        await using var ops = await postgres.Database.BeginOpsAsync();
        await _requests.CompleteAsync(ops, lease);
        await ops.CommitAsync();
    }
}
