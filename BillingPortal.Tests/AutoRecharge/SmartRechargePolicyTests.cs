using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using static BillingPortal.Tests.AutoRecharge.Situations;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>What smart mode makes of the last days, and what it never does.</summary>
public sealed class SmartRechargePolicyTests
{
    // 320 a day: one such day below which to recharge, seven such days to buy, rounded up to two digits.
    [Fact]
    public void An_even_use_gives_a_days_threshold_and_a_weeks_amount()
    {
        var values = Propose(Days(14, 320)).Values!;

        Assert.Equal((Amount.Credits(320), Amount.Credits(2300)), (values.Threshold, values.Amount));
        Assert.False(values.IsLimited);
        Assert.Equal(
            "Your median day with use took 320 credits (14 of the last 14 days had use). 320 credits leave about a day for "
            + "another try if a card is declined; 2,300 credits last about 7 days.", values.Reason);
    }

    [Fact]
    public void One_storm_and_idle_weekends_move_nothing()
    {
        decimal[] days = [200, 200, 0, 0, 200, 200, 90_000, 200, 200, 0, 0, 200, 200, 200];

        var values = Propose(days).Values!;

        Assert.Equal((Amount.Credits(200), Amount.Credits(1400)), (values.Threshold, values.Amount));
        Assert.Equal((10, 14), (values.DaysWithUse, values.HistoryDays));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void With_less_than_a_week_of_use_it_says_how_much_is_missing(int used)
    {
        var answer = Propose([.. Days(used, 100), .. Days(14 - used, 0)]);

        Assert.Null(answer.Values);
        Assert.Contains($"there are {used} so far", answer.Sentence(Options), StringComparison.Ordinal);
    }

    // $20: three days' worth (960) would cost $22, two days' (640) cost $16.30.
    [Fact]
    public void A_spending_limit_makes_the_amount_smaller_and_is_named()
    {
        var values = Propose(Days(14, 320), limitCents: 2000).Values!;

        Assert.Equal((Amount.Credits(320), Amount.Credits(640), true), (values.Threshold, values.Amount, values.IsLimited));
        Assert.EndsWith("Your monthly limit allows no more.", values.Reason, StringComparison.Ordinal);
    }

    // $2: an eighth of a day (40) is 50 credits for $1.50, a quarter (80) would be 100 for $2.80.
    [Fact]
    public void A_low_limit_gives_less_than_a_day()
    {
        var values = Propose(Days(14, 320), limitCents: 200).Values!;

        Assert.Equal((Amount.Credits(40), Amount.Credits(40)), (values.Threshold, values.Amount));
        Assert.Contains("about 3 hours", values.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_below_every_package_gives_nothing_and_says_so()
    {
        var answer = Propose(Days(14, 320), limitCents: 100);

        Assert.Null(answer.Values);
        Assert.Contains("limit is too low", answer.Sentence(Options), StringComparison.Ordinal);
    }

    [Fact]
    public void The_wallet_is_reckoned_in_dollars()
    {
        var rule = WalletRule();

        var values = SmartRechargePolicy.Propose(
            [.. Days(9, 3.2m).Select(Amount.Usd)], rule, Packages, Options).Values!;

        Assert.Equal((Amount.Usd(3.2m), Amount.Usd(23)), (values.Threshold, values.Amount));
    }

    [Fact]
    public void Little_use_gets_the_least_that_makes_sense() =>
        Assert.Equal(Amount.Credits(10), Propose(Days(8, 1)).Values!.Threshold);

    // Whatever the days and the limit: a proposal's largest charge fits the limit, and it is never zero.
    [Fact]
    public void No_proposal_can_cost_more_than_the_limit()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 2_000; round++)
        {
            var days = Enumerable.Range(0, 14).Select(_ => (decimal)random.Next(0, 1 << random.Next(1, 16)));
            var rule = Rule();
            rule.MonthlyLimitCents = random.Next(50, 100_000);
            if (SmartRechargePolicy.Propose([.. days.Select(Amount.Credits)], rule, Packages, Options).Values
                is not { } values)
            {
                continue;
            }

            (rule.ThresholdE4, rule.AmountE4) = (values.Threshold.E4, values.Amount.E4);
            Assert.True(values.Threshold.IsPositive && values.Amount.IsPositive);
            Assert.True(RechargeSizing.Largest(rule, Packages, Options)!.PriceCents <= rule.MonthlyLimitCents);
        }
    }

    [Theory]
    [InlineData(300, 2300, false)]
    [InlineData(320, 2100, false)]
    [InlineData(200, 2300, true)]
    [InlineData(320, 1000, true)]
    public void Small_differences_are_left_alone(decimal threshold, decimal amount, bool isDue) => Assert.Equal(
        isDue, SmartRechargePolicy.IsDue(Rule(threshold, amount), Propose(Days(14, 320)).Values!, Options));

    [Theory]
    [InlineData(100, 120, false)]
    [InlineData(100, 125, true)]
    [InlineData(100, 70, true)]
    public void A_mail_follows_a_quarter_of_difference(decimal before, decimal after, bool isMailed) => Assert.Equal(
        isMailed, SmartRechargePolicy.IsNoticeable(
            new RechargeAdjustment
            {
                Unit = Unit.Credits,
                ThresholdBeforeE4 = Amount.Credits(before).E4,
                ThresholdE4 = Amount.Credits(after).E4,
                AmountBeforeE4 = 1,
                AmountE4 = 1,
            }, Options));

    private static SmartAnswer Propose(IEnumerable<decimal> days, long? limitCents = null)
    {
        var rule = Rule();
        rule.MonthlyLimitCents = limitCents;
        return SmartRechargePolicy.Propose([.. days.Select(Amount.Credits)], rule, Packages, Options);
    }

    private static decimal[] Days(int count, decimal used) => [.. Enumerable.Repeat(used, count)];
}
