using BillingPortal.Analytics;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Analytics;

/// <summary>
/// What is shown adds up with the ledger, whatever happened: usage with and without holds, corrections, refunds, rent, set-up, expiry,
/// months reserved and settled; folded into days or read as it is, grouped by anything.
/// </summary>
public sealed class UsageTieTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly UsageQuery[] Questions =
    [
        new() { Period = "7" },
        new() { Period = "30", Group = "number" },
        new() { Period = "90", Tag = "agent", By = "week" },
        new() { Period = "month", Tag = "campaign" },
        new() { Period = "90", By = "month" },
        new() { Period = "30", Tag = "nobody" },
        new() { Period = "90", Service = "voice", Tag = "agent" },
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_a_credits_plan_with_random_things(int seed) =>
        await LiveAndCompareAsync(await UsageScene.CreditsAsync(postgres, seed));

    [Theory]
    [InlineData(SettlementMode.Immediate)]
    [InlineData(SettlementMode.Monthly)]
    public async Task Of_a_wallet_with_random_things(SettlementMode mode) =>
        await LiveAndCompareAsync(await UsageScene.WalletAsync(postgres, mode));

    [Fact]
    public async Task Of_a_month_before_and_after_it_is_settled()
    {
        var scene = await UsageScene.WalletAsync(postgres, SettlementMode.Monthly);
        await scene.LiveAsync(40);
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        var question = new UsageQuery { From = "2026-09-01", To = "2026-12-10", By = "week" };
        var before = await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(question));

        scene.World.Clock.Advance(TimeSpan.FromDays(11)); // 1 December
        await scene.World.Settlement.RunAsync();
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        var after = await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(question));

        Assert.True(after.Tie.SettledE4 > 0);
        Assert.Equal(before.Total, after.Total);
        Assert.Equal(before.Tie.UsedE4, after.Tie.UsedE4);
        Assert.Equal(after.Tie.UsedE4 + after.Tie.OtherE4, after.Tie.DebitsE4 - after.Tie.SettledE4 + after.Tie.ReservedE4);
    }

    private static async Task LiveAndCompareAsync(UsageScene scene)
    {
        await scene.LiveAsync(60);
        await CompareAsync(scene, scene.Plain);
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10)); // all of it may be folded now
        await CompareAsync(scene, scene.Folding);
        await scene.LiveAsync(30); // some of it may not
        await CompareAsync(scene, scene.Folding);
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        await CompareAsync(scene, scene.Folding);
    }

    private static async Task CompareAsync(UsageScene scene, UsageReader reader)
    {
        foreach (var query in Questions)
        {
            var request = scene.Ask(query);
            Assert.Null(request.Refusal);
            var report = await reader.ReadAsync(scene.Tenant.Id, request);
            var (debits, byService) = await scene.CountAsync(request.First, request.Last);
            var (_, before) = await scene.CountAsync(request.Before.First, request.Before.Last);
            if (request.Service is { } only)
            {
                Assert.Equal(byService.GetValueOrDefault(only), report.Total.SpentE4);
                continue;
            }

            Assert.Equal(byService.Values.Sum(), report.Total.SpentE4);
            Assert.Equal(before.Values.Sum(), report.Before.SpentE4);
            Assert.Equal(report.Total.SpentE4, report.Rows.Sum(row => row.Sums.SpentE4));
            Assert.Equal(report.Total, report.Columns.Aggregate(default(UsageSums), (sum, column) => sum + column.Total));
            AssertTies(report, debits);
            if (request.Group is UsageGroup.Service)
            {
                Assert.Equal(byService.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key, StringComparer.Ordinal),
                    report.Rows.Where(row => row.Sums.SpentE4 != 0).OrderBy(row => row.Key, StringComparer.Ordinal)
                        .Select(row => KeyValuePair.Create(row.Key, row.Sums.SpentE4)));
            }
        }
    }

    private static void AssertTies(UsageReport report, long debits)
    {
        var tie = report.Tie;
        Assert.Equal(debits, tie.DebitsE4);
        Assert.Equal(tie.UsedE4 + tie.OtherE4, tie.DebitsE4 - tie.SettledE4 + tie.ReservedE4);
        Assert.Equal(report.Total.SpentE4, tie.UsedE4 - tie.GivenBackE4);
    }
}
