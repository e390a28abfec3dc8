using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.TenantWebhooks;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>From the crossing to the credits: what is charged, what is recorded, what people are told.</summary>
public sealed class AutoRechargeTests(RechargeWorld world) : IClassFixture<RechargeWorld>
{
    // 150 − 60 = 90 is below 100: 250 credits for $6.50, and the bonus of 20.
    [Fact]
    public async Task A_crossing_is_charged_and_credited_once()
    {
        var payer = await world.PayerAsync(150);

        await payer.UseAsync(60);
        while (await world.First.DrainAsync() > 0)
        {
        }

        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        var attempt = Assert.Single(await payer.AttemptsAsync());
        Assert.Equal((AttemptState.Succeeded, RechargeTrigger.Crossing), (attempt.State, attempt.Trigger));
        var evaluation = Assert.Single(await payer.EvaluationsAsync());
        Assert.Equal((RechargeReason.Charge, attempt.Id), (evaluation.Reason, evaluation.AttemptId));
        Assert.Equal(PurchaseState.Settled, (await payer.PurchaseAsync(attempt.Id)).State);
        Assert.Equal(
            world.Clock.GetUtcNow(), (await payer.RuleAsync()).LastTriggeredAt!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            ["purchase.settled", "recharge.succeeded"], await world.First.Database.EventTypesAsync(payer.Id));
    }

    [Fact]
    public async Task A_success_is_mailed_once_with_its_figures()
    {
        var payer = await world.PayerAsync(90);

        await payer.RunAsync();

        Assert.Equal(["Auto-recharge: 250 credits for $6.50"], await payer.MailsAsync());
        var mail = await payer.LastMailAsync();
        foreach (var figure in new[] { "$6.50", "250 credits", "20 credits", "360 credits", "Visa ••4242",
            "100 credits" })
        {
            Assert.Contains(figure, mail.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_gap_larger_than_the_amount_is_closed_by_one_charge()
    {
        var payer = await world.PayerAsync(
            1200, rule: new RechargeChange { Enabled = true, Threshold = 1000, Amount = 50 });

        await payer.UseAsync(1100);
        await payer.RunAsync();

        await payer.AssertPaidOnceAsync(
            cents: 2200, balance: 1120); // 900 missing: 1000 is cheaper than 500 + 250 + 100 + 50
    }

    [Fact]
    public async Task The_wallet_is_charged_in_dollars_without_a_bonus()
    {
        var payer = await world.PayerAsync(9.99m, plan: Unit.Usd);

        await payer.RunAsync();

        await payer.AssertPaidOnceAsync(cents: 2000, balance: 29.99m);
    }

    [Fact]
    public async Task Without_a_card_nothing_is_charged_and_the_reason_is_kept()
    {
        var payer = await world.PayerAsync(90, cards: []);

        var run = await payer.RunAsync();

        Assert.Equal((RechargeReason.NoCard, null), (run.Reason, run.AttemptId));
        Assert.Equal(RechargeReason.NoCard, (await payer.EvaluationsAsync())[0].Reason);
    }

    [Fact]
    public async Task A_second_crossing_within_the_hour_waits_and_the_sweep_catches_up()
    {
        var payer = await world.PayerAsync(90);
        await payer.RunAsync();
        await payer.UseAsync(300);

        var early = await payer.RunAsync();
        Assert.Equal(RechargeReason.Cooldown, early.Reason);
        await world.First.Recharges.SweepAsync(500);
        Assert.Single(await payer.AttemptsAsync());

        world.Clock.Advance(TimeSpan.FromMinutes(61));
        await world.First.Recharges.SweepAsync(500);

        Assert.Equal(2, (await payer.ChargesAsync()).SucceededCharges);
    }

    [Fact]
    public async Task A_sweep_that_finds_the_same_again_counts_up_instead_of_filling_the_table()
    {
        var payer = await world.PayerAsync(90, cards: []);

        for (var i = 0; i < 5; i++)
        {
            await payer.RunAsync(RechargeTrigger.Sweep);
        }

        Assert.Equal(
            5, Assert.Single(await payer.EvaluationsAsync(), row => row.Trigger is RechargeTrigger.Sweep).Times);
    }

    [Fact]
    public async Task By_hand_it_charges_above_the_threshold_and_while_switched_off()
    {
        var payer = await world.PayerAsync(
            500, rule: new RechargeChange { Enabled = false, Threshold = 100, Amount = 250 });

        var run = await payer.RunAsync(RechargeTrigger.Manual);

        Assert.True(run.Succeeded);
        await payer.AssertPaidOnceAsync(cents: 650, balance: 770);
    }

    // Two processes see one crossing: the rule's lock and the unique open attempt let one of them charge.
    [Fact]
    public async Task Two_instances_racing_the_same_crossing_charge_once()
    {
        await using var second = new RechargeNode(world);
        for (var round = 0; round < 5; round++)
        {
            var payer = await world.PayerAsync(150);
            await payer.UseAsync(60);

            var runs = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(i => payer.RunAsync(node: i % 2 == 0 ? world.First : second)));

            Assert.Single(runs, run => run.AttemptId is not null);
            await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        }
    }

    [Fact]
    public async Task Two_drains_share_the_requests_and_each_tenant_is_charged_once()
    {
        await using var second = new RechargeNode(world);
        var payers = new List<Payer>();
        for (var i = 0; i < 6; i++)
        {
            payers.Add(await world.PayerAsync(150));
        }

        await Task.WhenAll(payers.Select(payer => payer.UseAsync(60)));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? world.First : second).DrainAsync()));
        while (await second.DrainAsync() > 0)
        {
        }

        foreach (var payer in payers)
        {
            await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
        }
    }

    [Fact]
    public async Task Racing_triggers_never_pass_the_spending_limit()
    {
        await using var second = new RechargeNode(world, ("AutoRecharge:CooldownMinutes", "0"));
        var payer = await world.PayerAsync(
            90, rule: new RechargeChange
            {
                Enabled = true,
                Threshold = 100,
                Amount = 250,
                MonthlyLimit = 15,
                AttemptsPerDay = 100
            });

        for (var round = 0; round < 4; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => payer.RunAsync(RechargeTrigger.Manual, second)));
        }

        Assert.Equal(
            (2, 1300), ((await payer.ChargesAsync()).SucceededCharges, (await payer.ChargesAsync()).SucceededAmount));
        var refused = await payer.RunAsync(RechargeTrigger.Manual);
        Assert.Equal((RechargeReason.SpendingLimit, 200L), (refused.Reason, refused.Decision.LeftCents!.Value));
    }

    [Fact]
    public async Task The_limit_is_mailed_at_each_step_once()
    {
        await using var eager = new RechargeNode(world, ("AutoRecharge:CooldownMinutes", "0"));
        var payer = await world.PayerAsync(
            90, rule: new RechargeChange { Enabled = true, Threshold = 100, Amount = 250, MonthlyLimit = 14.50m });

        await payer.RunAsync(RechargeTrigger.Manual, eager); // 44 %
        await payer.RunAsync(RechargeTrigger.Manual, eager); // 89 %
        await payer.RunAsync(RechargeTrigger.Manual, eager); // refused
        await payer.RunAsync(RechargeTrigger.Manual, eager); // refused again

        var warnings = (await payer.MailsAsync()).Where(subject => subject.Contains("limit", StringComparison.Ordinal));
        Assert.Equal(
            ["Auto-recharge: 100% of your monthly limit is used", "Auto-recharge: 80% of your monthly limit is used"],
            warnings.Order(StringComparer.Ordinal));
    }

    // $6.50 of $8.10 are 80 %, and $13.00 of $16.20 again.
    [Fact]
    public async Task Another_limit_is_warned_of_anew_in_the_same_month()
    {
        var payer = await world.PayerAsync(90, rule: new RechargeChange
        {
            Enabled = true,
            Threshold = 100,
            Amount = 250,
            MonthlyLimit = 8.1m,
        });
        Assert.True((await payer.RunAsync()).Succeeded);

        await world.First.Settings.SaveAsync(payer.Id, new RechargeChange { MonthlyLimit = 16.2m }, RechargeDoor.Portal);
        await payer.UseAsync(300);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.True((await payer.RunAsync()).Succeeded);

        Assert.Equal(2, (await payer.MailsAsync()).Count(subject => subject == "Auto-recharge: 80% of your monthly limit is used"));
    }

    [Fact]
    public async Task A_spike_far_above_the_habit_brakes_until_somebody_says_it_is_meant()
    {
        var payer = await world.PayerAsync(100_000);
        for (var hour = 30; hour > 1; hour--)
        {
            await payer.UseAsync(40, world.Clock.GetUtcNow().AddHours(-hour));
        }

        await payer.UseAsync(98_800);
        var braked = await payer.RunAsync();
        Assert.Equal(RechargeReason.SpikeBrake, braked.Reason);
        Assert.Equal(RechargePause.Spike, (await payer.RuleAsync()).PausedReason);
        Assert.Equal(RechargeReason.SpikeBrake, (await payer.RunAsync(RechargeTrigger.Manual)).Reason);
        Assert.Equal(["Auto-recharge is paused: unusual usage"], await payer.MailsAsync());

        await world.First.Settings.ConfirmSpikeAsync(payer.Id, userId: null);

        Assert.True((await payer.RunAsync()).Succeeded);
    }

    [Fact]
    public async Task A_clock_that_was_moved_back_blocks_nobody()
    {
        var payer = await world.PayerAsync(90);
        world.Clock.Advance(TimeSpan.FromDays(40));
        await payer.RunAsync();
        await payer.UseAsync(300);
        world.Clock.MoveTo(world.Clock.GetUtcNow().AddDays(-40));

        Assert.True((await payer.RunAsync()).Succeeded);
    }
}
