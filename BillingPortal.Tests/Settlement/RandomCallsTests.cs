using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Settlement;

/// <summary>
/// Random months of calls by hold, by event and by the network alone, in both modes with changes in between: whatever the
/// order, each is paid once and nothing is lost. A failure names its seed.
/// </summary>
public sealed class RandomCallsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2026, 7, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Money_in_less_the_price_of_every_call_is_what_is_left(int seed)
    {
        for (var number = 0; number < 3; number++)
        {
            await RunAsync((seed * 100) + number);
        }

        var report = await new LedgerAudit(postgres.Database, postgres.Clock).RunAsync(full: true);
        Assert.Empty(report.Violations);
    }

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var world = new SettlementWorld(postgres, Start);
        var tenant = await world.TenantAsync(usd: 3);
        var (left, calls, used) = (Amount.Usd(3), new List<(string Reference, Guid? Hold)>(), new HashSet<string>());
        for (var step = 0; step < 150; step++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 900)));
            switch (random.Next(12))
            {
                case 0 or 1:
                    var funds = random.Next(1, 30) / 10m;
                    await tenant.CreditAsync(funds, unit: Unit.Usd);
                    left += Amount.Usd(funds);
                    break;
                case 2:
                    var mode = random.Next(2) == 0 ? SettlementMode.Immediate : SettlementMode.Monthly;
                    await world.SetAsync(tenant, Unit.Usd, mode);
                    break;
                case 3:
                    await world.Settlement.RunAsync();
                    break;
                case 4:
                    await new HoldExpiry(postgres.Database, postgres.LedgerWriter, world.Clock).SweepAsync();
                    break;
                case 5 or 6 or 7:
                    calls.Add(await BeginAsync(world, tenant, random, $"call-{step}"));
                    break;
                default:
                    left -= await EndAsync(world, tenant, random, calls, used);
                    break;
            }

            await AssertAsync(tenant, left, $"seed {seed}, step {step}");
        }

        world.Clock.Advance(TimeSpan.FromDays(70));
        await new HoldExpiry(postgres.Database, postgres.LedgerWriter, world.Clock).SweepAsync();
        await world.Settlement.RunAsync();
        await AssertAsync(tenant, left, $"seed {seed}, end");
        var billed = (await world.BillingsAsync(tenant)).Sum(row => row.AmountE4);
        Assert.Equal(billed, (await world.ReservedAsync(tenant)).Sum(row => row.AmountE4));
        Assert.Equal(Amount.Usd(0), (await tenant.BalanceAsync(Unit.Usd)).Held);
    }

    // One in four begins without a hold, or finds nothing available for one.
    private static async Task<(string, Guid?)> BeginAsync(SettlementWorld world, TestTenant tenant, Random random, string reference)
    {
        if (random.Next(4) == 0)
        {
            return (reference, null);
        }

        var held = await world.Holds.HoldAsync(
            tenant.Id, Unit.Usd, new HoldRequest("voice", random.Next(1, 12), reference, null));
        return (reference, held.Outcome is HoldOutcome.Done ? held.HoldId : null);
    }

    // By whom it is reported is chance; a call that was reported once costs nothing more. Returns its price if it is new.
    private static async Task<Amount> EndAsync(
        SettlementWorld world, TestTenant tenant, Random random, List<(string Reference, Guid? Hold)> calls, HashSet<string> used)
    {
        if (calls.Count == 0)
        {
            return Amount.Usd(0);
        }

        var (reference, hold) = calls[random.Next(calls.Count)];
        var minutes = random.Next(1, 1_500) / 100m;
        var price = Amount.Usd(0.10m + (0.05m * minutes));
        if (hold is { } id && random.Next(2) == 0)
        {
            var end = await world.Holds.CaptureAsync(tenant.Id, id, minutes);
            Assert.Equal(used.Contains(reference) ? HoldOutcome.Duplicate : HoldOutcome.Done, end.Outcome);
        }
        else
        {
            var settled = await world.Calls.SettleAsync(
                tenant.Id, Unit.Usd, new UsageEvent("voice", minutes, reference, world.Clock.GetUtcNow(), null));
            Assert.True(used.Contains(reference) || settled.Amount == price, $"{reference}: {settled}, not {price}");
        }

        return used.Add(reference) ? price : Amount.Usd(0);
    }

    private async Task AssertAsync(TestTenant tenant, Amount left, string where)
    {
        var balance = await tenant.BalanceAsync(Unit.Usd);
        await using var command = postgres.Database.Ops.CreateCommand(
            """
            SELECT coalesce(sum(amount_e4) FILTER (WHERE cause_type = 'reservation'), 0)::bigint
            FROM holds WHERE tenant_id = $1 AND state = 'open'
            """);
        command.Parameters.Add(new() { Value = tenant.Id });
        var reserved = new Amount((long)(await command.ExecuteScalarAsync())!, Unit.Usd);
        Assert.False(balance.Available.IsNegative, $"{where}: {balance}");
        Assert.True(balance.Posted - reserved - balance.Debt == left, $"{where}: {balance}, {reserved} reserved, not {left} left");
    }
}
