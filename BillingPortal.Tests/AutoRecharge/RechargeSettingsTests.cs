using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Purchases;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>Saving the rule: what is refused, what it sets off, and what a purchase that switches it on does.</summary>
public sealed class RechargeSettingsTests(RechargeWorld world) : IClassFixture<RechargeWorld>
{
    public static TheoryData<RechargeChange, string> Refused => new()
    {
        { new RechargeChange { Threshold = 0 }, "threshold" },
        { new RechargeChange { Amount = 0 }, "amount" },
        { new RechargeChange { Amount = 10, Target = 500 }, "one of" },
        { new RechargeChange { Target = 50 }, "above the threshold" },
        { new RechargeChange { PackageId = "credits-7" }, "package" },
        { new RechargeChange { PaymentMethodIds = ["pm_of_somebody_else"] }, "saved cards" },
        { new RechargeChange { MonthlyLimit = 1.005m }, "monthly limit" },
        { new RechargeChange { AttemptsPerDay = 0 }, "per day" },
        { new RechargeChange { Amount = 1_000_000 }, "at once" },
    };

    [Theory, MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_change_that_makes_no_sense_is_refused_in_words(RechargeChange change, string word)
    {
        var payer = await world.PayerAsync();

        var saved = await world.First.Settings.SaveAsync(payer.Id, change, RechargeDoor.Portal);

        Assert.Contains(word, saved.Problem, StringComparison.Ordinal);
        Assert.Equal(250, new Amount((await payer.RuleAsync()).AmountE4!.Value, Unit.Credits).ToDecimal());
    }

    // Balance 90, new threshold 100: the preview says what would be charged, saving asks for it.
    [Fact]
    public async Task Saving_below_the_threshold_is_announced_in_figures_and_then_charged()
    {
        var payer = await world.PayerAsync(90, rule: new RechargeChange { Enabled = false });
        var change = new RechargeChange { Enabled = true, Threshold = 100, Amount = 250 };

        var preview = await world.First.Settings.PreviewAsync(payer.Id, change, RechargeTrigger.Crossing);
        Assert.Equal((true, 650L), (preview.Decision!.Charges, preview.Decision.Order!.PriceCents));
        Assert.False((await payer.RuleAsync()).Enabled); // a no leaves everything as it was
        Assert.Equal(0, await world.First.DrainAsync());

        await world.First.Settings.SaveAsync(payer.Id, change, RechargeDoor.Portal);
        while (await world.First.DrainAsync() > 0)
        {
        }

        await payer.AssertPaidOnceAsync(cents: 650, balance: 360);
    }

    [Fact]
    public async Task Switched_off_the_ledger_no_longer_asks()
    {
        var payer = await world.PayerAsync(150);
        await world.First.Settings.SaveAsync(payer.Id, new RechargeChange { Enabled = false }, RechargeDoor.Portal);

        await payer.UseAsync(100);

        Assert.Equal(0, await world.First.DrainAsync());
    }

    [Theory]
    [InlineData(RechargeDoor.CreditsApi, 10)]
    [InlineData(RechargeDoor.StripeApi, 100)]
    [InlineData(RechargeDoor.Portal, 100)]
    public async Task A_new_rule_without_a_threshold_gets_its_doors_own(RechargeDoor door, int threshold)
    {
        var payer = await world.PayerAsync(rule: new RechargeChange(), balance: 500, door: door);

        Assert.Equal(Amount.Credits(threshold), (await payer.RuleAsync()).Threshold);
    }

    [Fact]
    public async Task Two_first_saves_at_once_make_one_rule()
    {
        var payer = await world.PayerAsync(500, rule: null, door: null);

        await Task.WhenAll(Enumerable.Range(1, 4).Select(i => world.First.Settings.SaveAsync(
            payer.Id, new RechargeChange { Threshold = i * 10 }, RechargeDoor.Portal)));

        Assert.Equal(0, (await payer.RuleAsync()).ThresholdE4 % 100_000);
    }

    [Fact]
    public async Task A_purchase_that_ticked_it_switches_it_on_with_its_credits_and_card_once()
    {
        var payer = await world.PayerAsync(500, ["pm_card_visa", "pm_card_mastercard"], rule: null, door: null);
        var card = (await world.First.Cards.ListAsync(payer.Id)).Single(one => one.Brand == "mastercard");

        await world.First.Purchases.StartAsync(
            payer.Id,
            new StartPurchase
            {
                PackageId = "credits-500",
                PaymentMethodId = card.PaymentMethodId,
                EnableAutoRecharge = true
            }, "first");
        await world.First.DeliverAsync();

        var rule = await payer.RuleAsync();
        Assert.Equal((true, 500m, 100m),
            (rule.Enabled, new Amount(rule.AmountE4!.Value, Unit.Credits).ToDecimal(), rule.Threshold.ToDecimal()));
        Assert.Equal([card.Id], rule.CardIds);

        // The message comes again after the person has switched it off: it stays off.
        await world.First.Settings.SaveAsync(payer.Id, new RechargeChange { Enabled = false }, RechargeDoor.Portal);
        await RedeliverAsync(payer);
        Assert.False((await payer.RuleAsync()).Enabled);
    }

    [Fact]
    public async Task A_purchase_that_did_not_tick_it_switches_nothing_on()
    {
        var payer = await world.PayerAsync(500, rule: null, door: null);
        var card = (await world.First.Cards.ListAsync(payer.Id))[0];

        await world.First.Purchases.StartAsync(
            payer.Id, new StartPurchase { PackageId = "credits-500", PaymentMethodId = card.PaymentMethodId }, "plain");
        await world.First.DeliverAsync();

        Assert.Null(await world.First.Reader.RuleAsync(payer.Id));
    }

    [Fact]
    public async Task Removing_the_only_card_says_what_it_switches_off()
    {
        var payer = await world.PayerAsync();
        var use = world.First.Get<ICardUse>();
        var card = (await world.First.Cards.ListAsync(payer.Id))[0];

        Assert.Contains("100 credits", await use.WhatStopsWithoutAsync(payer.Id, card.Id, CancellationToken.None),
            StringComparison.Ordinal);
        await payer.SaveCardAsync("pm_card_mastercard");
        Assert.Null(await use.WhatStopsWithoutAsync(payer.Id, card.Id, CancellationToken.None));
    }

    // 20 a day for ten days, 300 above the threshold: fifteen days from now.
    [Fact]
    public async Task The_forecast_follows_the_median_day_and_needs_a_week()
    {
        var payer = await world.PayerAsync(1000);
        var now = world.Clock.GetUtcNow();
        for (var day = 1; day <= 3; day++)
        {
            await payer.UseAsync(20, now.AddDays(-day));
        }

        Assert.Null((await world.First.Reader.ReadAsync(payer.Id)).NextRechargeAt);
        for (var day = 4; day <= 10; day++)
        {
            await payer.UseAsync(20, now.AddDays(-day));
        }

        await payer.UseAsync(400); // today does not count
        Assert.Equal(now.AddDays(15), (await world.First.Reader.ReadAsync(payer.Id)).NextRechargeAt!.Value,
            TimeSpan.FromMinutes(1));
    }

    private async Task RedeliverAsync(Payer payer)
    {
        await using (var unit = await world.First.Database.BeginOpsAsync())
        {
            await using var again = unit.Command(
                "UPDATE outbox_messages SET delivered_at = NULL WHERE tenant_id = $1 AND kind = $2", payer.Id,
                PurchaseSettled.MessageKind);
            await again.ExecuteNonQueryAsync();
            await unit.CommitAsync();
        }

        await world.First.DeliverAsync();
    }
}
