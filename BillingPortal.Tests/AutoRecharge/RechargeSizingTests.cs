using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using static BillingPortal.Tests.AutoRecharge.Situations;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>What one recharge buys: the gap is always closed, in packages or in dollars.</summary>
public sealed class RechargeSizingTests
{
    [Theory]
    [InlineData(250, 99, 0, 250, 650)] // as set
    [InlineData(300, 99, 0, 300, 800)] // 250 + 50 is cheaper than 500
    [InlineData(50, 0, 0, 100, 280)] // the gap is larger than the amount
    [InlineData(50, 0, 400, 500, 1200)] // and includes the debt
    public void The_larger_of_amount_and_gap_is_bought_in_the_cheapest_packages(
        int amount, int available, int debt, int credits, int cents)
    {
        var order = RechargeSizing.For(
            Rule(100, amount), Amount.Credits(available), Amount.Credits(debt), Packages, Options)!;

        Assert.Equal((Amount.Credits(credits), cents), (order.Amount, order.PriceCents));
    }

    [Fact]
    public void A_chosen_package_is_bought_as_it_is_unless_the_gap_is_larger()
    {
        var rule = Rule(600);
        (rule.Size, rule.PackageId, rule.AmountE4) = (RechargeSize.Package, Packages[3].Id, Amount.Credits(500).E4);

        var enough = RechargeSizing.For(rule, Amount.Credits(100), Amount.Credits(0), Packages, Options)!;
        var more = RechargeSizing.For(rule, Amount.Credits(0), Amount.Credits(0), Packages, Options)!;

        Assert.Equal(("500 credits", 600), (enough.Description, more.Amount.ToDecimal()));
    }

    [Fact]
    public void A_withdrawn_package_is_replaced_by_the_cheapest_way_to_as_many_credits()
    {
        var rule = Rule();
        (rule.Size, rule.PackageId, rule.AmountE4) = (RechargeSize.Package, Ids.New(), Amount.Credits(400).E4);

        var order = RechargeSizing.For(rule, Amount.Credits(99), Amount.Credits(0), Packages, Options)!;

        Assert.Equal((400, 1080), (order.Amount.ToDecimal(), order.PriceCents)); // 250 + 100 + 50
    }

    [Fact]
    public void Up_to_a_target_fills_to_the_balance_and_pays_the_debt_too()
    {
        var rule = Rule(100, 1000);
        rule.Size = RechargeSize.Target;

        var order = RechargeSizing.For(rule, Amount.Credits(0), Amount.Credits(30), Packages, Options)!;

        Assert.Equal((1050, 2350), (order.Amount.ToDecimal(), order.PriceCents));
    }

    [Theory]
    [InlineData(9.99, 0, 2000)]
    [InlineData(9.0001, 0, 2000)]
    [InlineData(0, 12.3401, 2235)] // 22.3401 rounded up to the cent
    public void The_wallet_buys_dollars_without_packages_or_bonus(decimal available, decimal debt, int cents)
    {
        var order = RechargeSizing.For(WalletRule(), Amount.Usd(available), Amount.Usd(debt), [], Options)!;

        Assert.Equal(
            (Amount.UsdCents(cents), Amount.Zero(Unit.Usd), cents), (order.Amount, order.Bonus, order.PriceCents));
    }

    [Fact]
    public void The_largest_charge_is_the_one_from_an_empty_account() =>
        Assert.Equal(1760, RechargeSizing.Largest(Rule(700, 250), Packages, Options)!.PriceCents); // 500 + 2 × 100

    // 5,000 random rules and balances: whenever the policy charges, the account ends at or above the threshold, no
    // limit is
    // passed, the rule was below its threshold, and the price is the packages' own.
    [Fact]
    public void Whatever_is_charged_closes_the_gap_within_every_limit()
    {
        var random = new Random(20261120);
        var charged = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var situation = Random(random);
            var decision = situation.Evaluate();
            if (!decision.Charges)
            {
                continue;
            }

            charged++;
            var (rule, order) = (situation.Rule!, decision.Order!);
            Assert.True(situation.Available + order.Amount - situation.Debt >= rule.Threshold);
            Assert.True(situation.Trigger is RechargeTrigger.Manual || situation.Available < rule.Threshold);
            Assert.DoesNotContain(situation.History, attempt => attempt.State.IsOpen());
            Assert.True(order.PriceCents <= Options.ChargeMaxCents);
            var spent = SpendingMonth.Of(situation.Now).SpentCents(situation.History);
            Assert.True(spent + order.PriceCents <= (rule.MonthlyLimitCents ?? long.MaxValue));
            Assert.NotEmpty(decision.Cards);
        }

        Assert.InRange(charged, 200, 4_800);
    }

    private static RechargeSituation Random(Random random)
    {
        var wallet = random.Next(4) == 0;
        var threshold = random.Next(0, 2_000);
        var rule = wallet ? WalletRule(threshold, random.Next(1, 300)) : Rule(threshold, random.Next(1, 5_000));
        if (random.Next(3) == 0)
        {
            (rule.Size, rule.AmountE4) = (RechargeSize.Target, rule.ThresholdE4 + random.Next(1, 10_000_000));
        }

        rule.MonthlyLimitCents = random.Next(2) == 0 ? random.Next(1, 20_000) : null;
        rule.Enabled = random.Next(10) > 0;
        var anyState = random.Next(3) == 0;
        var history = Enumerable.Range(0, random.Next(0, 4)).Select(_ => Past(
            anyState ? (AttemptState)random.Next(1, 8) : random.Next(2) == 0 ? AttemptState.Succeeded
                : AttemptState.Declined,
            TimeSpan.FromMinutes(random.Next(-3000, 60_000)),
            random.Next(100, 5_000)));
        return Of(rule, (decimal)random.Next(0, 40_000_000) / Amount.Scale, (RechargeTrigger)random.Next(1, 4)) with
        {
            Debt = new Amount(random.Next(3) == 0 ? random.Next(1, 5_000_000) : 0, rule.Unit),
            Cards = random.Next(10) > 0 ? ["pm_1"] : [],
            History = [.. history],
        };
    }
}
