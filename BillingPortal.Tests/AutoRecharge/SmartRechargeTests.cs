using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>Smart mode on real books: what it sets, keeps, mails, and the notice ahead of a recharge.</summary>
public sealed class SmartRechargeTests(RechargeWorld world) : IClassFixture<RechargeWorld>
{
    // Ten days of 320: from the moment it is switched on.
    [Fact]
    public async Task Automatic_takes_the_last_days_at_once_and_keeps_the_reason()
    {
        var payer = await UsedAsync(balance: 10_000, perDay: 320);

        await SaveAsync(payer, new RechargeChange { Smart = SmartMode.Automatic });

        var view = await world.First.Reader.ReadAsync(payer.Id);
        Assert.Equal((Amount.Credits(320), Amount.Credits(2300).E4), (view.Rule!.Threshold, view.Rule.AmountE4));
        var change = Assert.Single(view.Adjustments);
        Assert.Equal(Amount.Credits(100), change.ThresholdBefore);
        Assert.StartsWith("Your median day with use took 320 credits (10 of the last 10", change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proposing_changes_nothing()
    {
        var payer = await UsedAsync(balance: 10_000, perDay: 320);

        await SaveAsync(payer, new RechargeChange { Smart = SmartMode.Propose });

        var view = await world.First.Reader.ReadAsync(payer.Id);
        Assert.Equal(Amount.Credits(100), view.Rule!.Threshold);
        Assert.Equal(Amount.Credits(320), view.Smart.Values!.Threshold);
        Assert.Empty(view.Adjustments);
    }

    // Use grows from 100 to 1,000 a day: two weeks later the rule has followed, with one mail; the next night says nothing.
    [Fact]
    public async Task Every_night_the_rule_follows_the_use_and_a_noticeable_change_is_mailed_once()
    {
        var payer = await UsedAsync(balance: 50_000, perDay: 100);
        await SaveAsync(payer, new RechargeChange { Smart = SmartMode.Automatic });
        for (var day = 0; day < 14; day++)
        {
            await payer.UseAsync(1000);
            world.Clock.Advance(TimeSpan.FromDays(1));
        }

        await NightAsync();
        await NightAsync();

        Assert.Equal(Amount.Credits(1000), (await payer.RuleAsync()).Threshold);
        Assert.Equal(2, (await world.First.Reader.ReadAsync(payer.Id)).Adjustments.Count);
        Assert.Single(await payer.MailsAsync(), subject => subject == "Smart mode: recharges below 1,000 credits from now on");
    }

    // The balance of 400 is above the old threshold of 100 and below the new one: the night's change asks for a recharge.
    [Fact]
    public async Task A_raised_threshold_that_the_balance_is_below_asks_for_a_recharge()
    {
        var payer = await UsedAsync(balance: 400 + (10 * 500), perDay: 500);
        await SaveAsync(payer, new RechargeChange { Smart = SmartMode.Propose });
        await SqlAsync(payer, "UPDATE recharge_rules SET smart = 'automatic' WHERE tenant_id = $1");

        await NightAsync();
        await world.First.DrainAsync();

        Assert.Equal(AttemptState.Succeeded, (await payer.LastAttemptAsync()).State);
    }

    // 100 a day, 300 above the threshold: three days. With 180 more used it is 29 hours, with 30 more 22: then it is told.
    [Fact]
    public async Task A_likely_recharge_is_announced_once_within_the_hours_asked_for()
    {
        var payer = await UsedAsync(balance: 1400, perDay: 100);
        await SaveAsync(payer, new RechargeChange { NoticeHours = 24 });
        Assert.Empty(await AheadAsync(payer));
        await payer.UseAsync(180);
        Assert.Empty(await AheadAsync(payer));
        await payer.UseAsync(30);

        await Task.WhenAll(LookAsync(), LookAsync());
        Assert.Single(await AheadAsync(payer));

        var mail = await payer.LastMailAsync();
        Assert.Contains("Visa ••4242", mail.Text, StringComparison.Ordinal);
        Assert.Contains("$6.50", mail.Text, StringComparison.Ordinal);
        Assert.Contains("switch auto-recharge off", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_top_up_makes_the_next_approach_a_notice_of_its_own()
    {
        var payer = await UsedAsync(balance: 1150, perDay: 100);
        await SaveAsync(payer, new RechargeChange { NoticeHours = 24 });
        Assert.Single(await AheadAsync(payer));
        await payer.CreditAsync(1000);
        Assert.Single(await AheadAsync(payer));
        world.Clock.Advance(TimeSpan.FromMinutes(5));

        await payer.UseAsync(1000);

        Assert.Equal(2, (await AheadAsync(payer)).Length);
    }

    [Fact]
    public async Task Nothing_is_announced_that_the_spending_limit_would_refuse()
    {
        var payer = await UsedAsync(balance: 1150, perDay: 100);
        await SaveAsync(payer, new RechargeChange { NoticeHours = 24, MonthlyLimit = 5 });

        Assert.Empty(await AheadAsync(payer));
    }

    [Theory]
    [InlineData(73, 0, "72 hours")]
    [InlineData(0, 15, "between 0 and 14")]
    public async Task Hours_and_days_out_of_range_are_refused_in_words(int hours, int days, string words)
    {
        var payer = await world.PayerAsync();

        var saved = await world.First.Settings.SaveAsync(
            payer.Id, new RechargeChange { NoticeHours = hours, GraceDays = days }, RechargeDoor.Portal);

        Assert.Contains(words, saved.Problem, StringComparison.Ordinal);
    }

    private async Task<Payer> UsedAsync(decimal balance, decimal perDay)
    {
        var payer = await world.PayerAsync(balance);
        for (var day = 1; day <= 10; day++)
        {
            await payer.UseAsync(perDay, world.Clock.GetUtcNow().AddDays(-day));
        }

        return payer;
    }

    private async Task SaveAsync(Payer payer, RechargeChange change) => Assert.Null(
        (await world.First.Settings.SaveAsync(payer.Id, change, RechargeDoor.Portal)).Problem);

    // The job of the next night.
    private Task<SmartSweep> NightAsync()
    {
        world.Clock.Advance(TimeSpan.FromDays(1));
        return world.First.Get<SmartRechargeService>().SweepAsync(1000);
    }

    private Task<int> LookAsync() => world.First.Get<RechargeNotices>().SweepAsync(1000);

    private async Task<string[]> AheadAsync(Payer payer)
    {
        await LookAsync();
        return [.. (await payer.MailsAsync()).Where(
            subject => subject.StartsWith("Auto-recharge will charge", StringComparison.Ordinal))];
    }

    private async Task SqlAsync(Payer payer, string sql)
    {
        await using var unit = await world.First.Database.BeginOpsAsync();
        await using var command = unit.Command(sql, payer.Id);
        await command.ExecuteNonQueryAsync();
        await unit.CommitAsync();
    }
}
