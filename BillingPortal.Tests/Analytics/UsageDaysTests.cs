using BillingPortal.Analytics;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Analytics;

/// <summary>The folded days are the books again: whoever folds, how often, and however late things come.</summary>
public sealed class UsageDaysTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly UsageQuery ByAgent = new() { Period = "90", Tag = "agent" };

    [Fact]
    public async Task Eight_readers_at_once_count_every_entry_once()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        await scene.LiveAsync(40);
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        var plain = await scene.Plain.ReadAsync(scene.Tenant.Id, scene.Ask(ByAgent));

        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(ByAgent))));

        Assert.All(reports, report => Assert.Equal(plain.Rows, report.Rows));
        await using var unit = await postgres.Database.BeginAsync(scene.Tenant.Id);
        var marks = await unit.Db.Set<UsageDayMark>().SingleAsync();
        var last = await unit.Db.Set<BillingPortal.Ledger.Account>().Where(account => account.Unit == Unit.Credits).SingleAsync();
        Assert.Equal(last.LastSeq, marks.ThroughSeq);
    }

    [Fact]
    public async Task Days_that_were_thrown_away_are_built_anew()
    {
        var scene = await UsageScene.CreditsAsync(postgres, seed: 5);
        await scene.LiveAsync(40);
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        var before = await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(ByAgent));
        await using (var unit = await postgres.Database.BeginAsync(scene.Tenant.Id))
        {
            await unit.Db.Set<UsageDay>().ExecuteDeleteAsync();
            await unit.Db.Set<UsageDayMark>().ExecuteDeleteAsync();
            await unit.CommitAsync();
        }

        Assert.Equal(before.Rows, (await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(ByAgent))).Rows);
    }

    // A mark that says more than the days have: the reservation's own sum gives it away.
    [Fact]
    public async Task A_reservation_whose_parts_do_not_add_up_is_folded_anew()
    {
        var scene = await UsageScene.WalletAsync(postgres, BillingPortal.Tenants.SettlementMode.Monthly);
        await scene.LiveAsync(40);
        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        var before = await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(ByAgent));
        await using (var unit = await postgres.Database.BeginAsync(scene.Tenant.Id))
        {
            Assert.True(await unit.Db.Set<UsageHoldMark>().ExecuteUpdateAsync(
                set => set.SetProperty(mark => mark.FoldedE4, mark => mark.FoldedE4 - 1)) > 0);
            await unit.CommitAsync();
        }

        Assert.Equal(before.Rows, (await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(ByAgent))).Rows);
    }

    [Fact]
    public async Task A_key_that_is_an_id_is_no_tag()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        var at = scene.World.Clock.GetUtcNow().AddHours(-1);
        for (var n = 0; n <= UsageDays.ValuesPerDayMax; n++)
        {
            await scene.UseAsync("email", $$"""{"call_id":"c{{n}}","team":"blue"}""", at);
        }

        scene.World.Clock.Advance(TimeSpan.FromMinutes(10));
        var report = await scene.Folding.ReadAsync(scene.Tenant.Id, scene.Ask(new() { Period = "7", Tag = "team" }));

        Assert.Equal(["team"], report.Tags);
        var blue = Assert.Single(report.Rows);
        Assert.Equal(("blue", 501L), (blue.Key, blue.Sums.Uses));
        await using var unit = await postgres.Database.BeginAsync(scene.Tenant.Id);
        Assert.False(await unit.Db.Set<UsageDay>().AnyAsync(day => day.Dimension == "tag:call_id"));
    }

    [Fact]
    public async Task Beyond_the_twenty_dearest_values_stand_the_others_and_those_without()
    {
        var scene = await UsageScene.CreditsAsync(postgres);
        for (var n = 0; n < 25; n++)
        {
            await scene.UseAsync("email", $$"""{"campaign":"c{{n:00}}"}""");
        }

        await scene.UseAsync("email", "{}");
        var report = await scene.Plain.ReadAsync(scene.Tenant.Id, scene.Ask(new() { Period = "90", Tag = "campaign" }));

        Assert.Equal(22, report.Rows.Count);
        Assert.Equal((UsageRowKind.Other, 5L), (report.Rows[20].Kind, report.Rows[20].Sums.Uses));
        Assert.Equal((UsageRowKind.Without, 1L), (report.Rows[21].Kind, report.Rows[21].Sums.Uses));
        Assert.Equal(25, report.Values);
    }
}
