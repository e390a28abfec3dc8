using BillingPortal.AutoRecharge;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>The sweep finds who is below the threshold, by what crossed it: nobody else is read.</summary>
public sealed class RechargeDueTests(RechargeWorld world) : IClassFixture<RechargeWorld>
{
    [Fact]
    public async Task Below_is_found_above_is_forgotten_and_below_again_is_found_again()
    {
        var payer = await world.PayerAsync(150);
        Assert.DoesNotContain(payer.Id, await TakeAsync());

        await payer.UseAsync(80);
        Assert.Contains(payer.Id, await TakeAsync());
        Assert.Contains(payer.Id, await TakeAsync()); // as long as it is below

        await payer.CreditAsync(500);
        Assert.DoesNotContain(payer.Id, await TakeAsync());
        Assert.False(await IsBelowAsync(payer));

        await payer.UseAsync(500);
        Assert.Contains(payer.Id, await TakeAsync());
    }

    [Fact]
    public async Task A_rule_that_is_saved_below_its_threshold_is_found()
    {
        var payer = await world.PayerAsync(90);

        Assert.Contains(payer.Id, await TakeAsync());
    }

    // A refund is no crossing and charges nothing at once; the next sweep looks at who it left below, as it did before.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whom_a_refund_left_below_is_found(bool hasCrossedBefore)
    {
        var payer = await world.PayerAsync(150);
        if (hasCrossedBefore)
        {
            await payer.UseAsync(80);
            await payer.CreditAsync(500);
            await TakeAsync();
            Assert.False(await IsBelowAsync(payer));
        }

        await payer.TakeBackAsync(hasCrossedBefore ? 500 : 80);

        Assert.Contains(payer.Id, await TakeAsync());
        await using var audit = world.First.Database.Ops.CreateCommand(
            "SELECT count(*) FROM accounts a LEFT JOIN recharge_requests r USING (tenant_id) "
            + "WHERE a.balance_e4 - a.held_e4 < a.recharge_below_e4 AND r.is_below IS NOT TRUE");
        Assert.Equal(0L, await audit.ExecuteScalarAsync());
    }

    // Somebody leases the request, or crosses once more, while the sweep forgets who is above.
    [Fact]
    public async Task The_sweep_waits_for_nobody_and_forgets_nothing_that_changes_meanwhile()
    {
        var payer = await world.PayerAsync(90);
        await payer.CreditAsync(500);
        await using var other = await world.First.Database.BeginOpsAsync();
        await using var command = other.Command(
            "UPDATE recharge_requests SET attempts = attempts + 1 WHERE tenant_id = $1", payer.Id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());

        await TakeAsync();

        Assert.True(await IsBelowAsync(payer));
        await other.CommitAsync();
        await TakeAsync();
        Assert.False(await IsBelowAsync(payer));
    }

    private async Task<IReadOnlyList<Guid>> TakeAsync() => await world.First.Get<RechargeDue>().TakeAsync(1000);

    private async Task<bool> IsBelowAsync(Payer payer)
    {
        await using var command = world.First.Database.Ops.CreateCommand("SELECT is_below FROM recharge_requests WHERE tenant_id = $1");
        command.Parameters.Add(new() { Value = payer.Id });
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
