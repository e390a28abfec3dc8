using BillingPortal.AutoRecharge;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using static BillingPortal.Tests.AutoRecharge.Situations;

namespace BillingPortal.Tests.AutoRecharge;

/// <summary>
/// Every reason of the policy, what a hand-made trigger ignores, and which reason is named when several hold.
/// </summary>
public sealed class RechargePolicyTests
{
    private static readonly RechargeReason[] IgnoredByHand =
    [
        RechargeReason.Disabled, RechargeReason.NotBelowThreshold, RechargeReason.Cooldown, RechargeReason.Backoff,
        RechargeReason.PausedAfterFailures,
    ];

    public static TheoryData<RechargeReason> Refusals =>
        [.. Enum.GetValues<RechargeReason>().Where(reason => reason is not RechargeReason.Charge)];

    [Fact]
    public void Below_the_threshold_the_amount_is_bought_with_the_cards_in_order()
    {
        var decision = (Of(Rule()) with { Cards = ["pm_2", "pm_1"] }).Evaluate();

        Assert.True(decision.Charges);
        Assert.Equal(["pm_2", "pm_1"], decision.Cards);
        Assert.Equal(new RechargeOrder(Amount.Credits(250), Amount.Credits(20), 650, "250 credits"), decision.Order);
    }

    [Theory, MemberData(nameof(Refusals))]
    public void Every_reason_is_given_when_only_it_holds(RechargeReason reason) =>
        Assert.Equal(reason, Only(reason, RechargeTrigger.Crossing).Evaluate().Reason);

    [Theory, MemberData(nameof(Refusals))]
    public void The_sweep_obeys_what_the_crossing_obeys(RechargeReason reason) =>
        Assert.Equal(reason, Only(reason, RechargeTrigger.Sweep).Evaluate().Reason);

    [Theory, MemberData(nameof(Refusals))]
    public void By_hand_only_what_the_contract_lists_is_ignored(RechargeReason reason)
    {
        var decision = Only(reason, RechargeTrigger.Manual).Evaluate();

        Assert.Equal(IgnoredByHand.Contains(reason) ? RechargeReason.Charge : reason, decision.Reason);
    }

    [Fact]
    public void Without_a_rule_nobody_agreed_to_a_size_so_not_even_by_hand() =>
        Assert.Equal(RechargeReason.Disabled, Of(null, trigger: RechargeTrigger.Manual).Evaluate().Reason);

    [Fact]
    public void A_rule_of_the_other_plan_charges_nothing() => Assert.Equal(
        RechargeReason.Disabled, (Of(Rule()) with { Plan = Unit.Usd, Trigger = RechargeTrigger.Manual }).Evaluate(
            ).Reason);

    [Theory]
    [InlineData(100, RechargeReason.NotBelowThreshold)]
    [InlineData(99.9999, RechargeReason.Charge)]
    public void Below_means_strictly_less_than_the_threshold(decimal available, RechargeReason expected) =>
        Assert.Equal(expected, Of(Rule(), available).Evaluate().Reason);

    [Theory]
    [InlineData(AttemptState.Succeeded)]
    [InlineData(AttemptState.Declined)]
    public void The_cooldown_runs_one_hour_from_the_start_of_an_attempt_that_reached_a_card(AttemptState state)
    {
        var during = (Of(Rule()) with { History = [Past(state, TimeSpan.FromMinutes(59))] }).Evaluate();
        var after = (Of(Rule()) with { History = [Past(state, TimeSpan.FromMinutes(60))] }).Evaluate();

        Assert.Equal((RechargeReason.Cooldown, Now.AddMinutes(1)), (during.Reason, during.Until!.Value));
        Assert.True(after.Charges);
    }

    [Fact]
    public void An_attempt_that_never_reached_a_card_starts_no_cooldown_and_is_not_counted()
    {
        var canceled = new PastAttempt(AttemptState.Canceled, Now.AddMinutes(-1), 650, ReachedCard: false);

        Assert.True((Of(Rule()) with { History = [.. Enumerable.Repeat(canceled, 9)] }).Evaluate().Charges);
    }

    [Fact]
    public void Attempts_and_backoff_from_a_future_that_the_clock_left_again_bind_nobody()
    {
        var rule = Rule();
        (rule.BackoffSince, rule.BackoffUntil) = (Now.AddDays(3), Now.AddDays(3).AddHours(1));
        var future =
            Enumerable.Range(1, 9).Select(minutes => Past(AttemptState.Declined, TimeSpan.FromMinutes(-minutes)));

        Assert.True((Of(rule) with { History = [.. future] }).Evaluate().Charges);
    }

    [Fact]
    public void The_daily_limit_counts_attempts_of_the_utc_day_and_ends_at_midnight()
    {
        var rule = Rule();
        rule.AttemptsPerDay = 2;
        PastAttempt[] history =
            [Past(AttemptState.Declined, TimeSpan.FromHours(2)), Past(AttemptState.Succeeded, TimeSpan.FromHours(5))];
        var yesterday = Past(AttemptState.Succeeded, TimeSpan.FromHours(14));

        var full = (Of(rule) with { History = history }).Evaluate();
        var free = (Of(rule) with { History = [history[0], yesterday] }).Evaluate();

        Assert.Equal(RechargeReason.DailyLimit, full.Reason);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero), full.Until);
        Assert.True(free.Charges);
    }

    [Theory]
    [InlineData(1300, RechargeReason.Charge)]
    [InlineData(1299, RechargeReason.SpendingLimit)]
    public void The_spending_limit_holds_to_the_cent(long limitCents, RechargeReason expected)
    {
        var rule = Rule();
        rule.MonthlyLimitCents = limitCents;

        var decision = (Of(rule) with { History = [Past(AttemptState.Succeeded, TimeSpan.FromDays(5))] }).Evaluate();

        Assert.Equal(expected, decision.Reason);
        Assert.Equal(expected is RechargeReason.SpendingLimit ? 649 : null, decision.LeftCents);
    }

    [Fact]
    public void Declined_attempts_and_those_of_other_months_do_not_use_up_the_limit()
    {
        var rule = Rule();
        rule.MonthlyLimitCents = 650;

        var decision = Of(rule) with
        {
            History = [Past(AttemptState.Declined, TimeSpan.FromDays(1)),
                Past(AttemptState.Succeeded, TimeSpan.FromDays(25))],
        };

        Assert.True(decision.Evaluate().Charges);
    }

    [Fact]
    public void No_single_charge_goes_above_the_largest_that_is_allowed()
    {
        var decision = Of(Rule(amount: 1_000_000)).Evaluate();

        Assert.Equal(
            (RechargeReason.SpendingLimit, Options.ChargeMaxCents), (decision.Reason, decision.LeftCents!.Value));
    }

    [Theory]
    [InlineData(1000, 100.0, RechargeReason.Charge)] // exactly ten times
    [InlineData(1001, 100.0, RechargeReason.SpikeBrake)]
    [InlineData(500, 1.0, RechargeReason.Charge)] // exactly the least that counts
    [InlineData(501, 1.0, RechargeReason.SpikeBrake)]
    [InlineData(90_000, null, RechargeReason.Charge)] // no habit known yet
    public void The_spike_brake_needs_ten_times_the_median_hour_and_500_credits(
        int lastHour, double? median, RechargeReason expected)
    {
        var pace = new UsagePace(Amount.Credits(lastHour), median is { } m ? Amount.Credits((decimal)m) : null);

        Assert.Equal(expected, (Of(Rule()) with { Pace = pace }).Evaluate().Reason);
    }

    [Fact]
    public void A_confirmed_pace_passes_for_a_day()
    {
        var rule = Rule();
        var situation = Of(rule) with { Pace = new UsagePace(Amount.Credits(5000), Amount.Credits(10)) };

        rule.SpikeConfirmedAt = Now.AddHours(-23);
        Assert.True(situation.Evaluate().Charges);
        rule.SpikeConfirmedAt = Now.AddHours(-24);
        Assert.Equal(RechargeReason.SpikeBrake, situation.Evaluate().Reason);
    }

    [Fact]
    public void What_a_person_must_clear_is_named_before_what_passes_by_itself()
    {
        var rule = Rule();
        (rule.PausedReason, rule.PausedAt) = (RechargePause.Failures, Now);
        var situation = Of(rule) with { History = [Past(AttemptState.Declined, TimeSpan.FromMinutes(5))] };

        Assert.Equal(RechargeReason.PausedAfterFailures, situation.Evaluate().Reason);
    }

    [Fact]
    public void By_hand_up_to_a_balance_that_is_already_there_buys_nothing()
    {
        var rule = Rule(amount: 1000);
        rule.Size = RechargeSize.Target;

        Assert.Equal(RechargeReason.NotBelowThreshold, Of(rule, 1000, RechargeTrigger.Manual).Evaluate().Reason);
        Assert.Equal(1200, Of(rule, 500.5m, RechargeTrigger.Manual).Evaluate().Order!.PriceCents);
    }

    // A situation in which nothing but this reason stands in the way.
    private static RechargeSituation Only(RechargeReason reason, RechargeTrigger trigger)
    {
        var rule = Rule();
        var situation = Of(rule, trigger: trigger);
        return reason switch
        {
            RechargeReason.Charge => situation,
            RechargeReason.Disabled => situation with { Rule = With(rule, it => it.Enabled = false) },
            RechargeReason.NotBelowThreshold => situation with { Available = Amount.Credits(100) },
            RechargeReason.NoCard => situation with { Cards = [] },
            RechargeReason.InFlight => After(situation, AttemptState.Unknown, TimeSpan.FromDays(2)),
            RechargeReason.Cooldown => After(situation, AttemptState.Succeeded, TimeSpan.FromMinutes(1)),
            RechargeReason.Backoff => situation with
            {
                Rule = With(rule, it => (it.BackoffSince, it.BackoffUntil) = (Now.AddHours(-2), Now.AddHours(4))),
            },
            RechargeReason.DailyLimit => After(
                situation, AttemptState.Declined, [.. Enumerable.Range(2, 5).Select(
                    hours => TimeSpan.FromHours(hours))]),
            RechargeReason.SpendingLimit => situation with { Rule = With(rule, it => it.MonthlyLimitCents = 649) },
            RechargeReason.AwaitingAuthentication =>
                After(situation, AttemptState.RequiresAction, TimeSpan.FromHours(3)),
            RechargeReason.PausedAfterFailures => situation with { Rule = Paused(rule, RechargePause.Failures) },
            RechargeReason.SpikeBrake => situation with { Rule = Paused(rule, RechargePause.Spike) },
            RechargeReason.DisputeOpen => situation with { IsDisputeOpen = true },
            RechargeReason.NoPackage => situation with { Packages = [] },
            RechargeReason.InvoiceNotApproved => ByInvoice(situation, terms: null),
            RechargeReason.InvoiceUnpaid => ByInvoice(situation, Terms, awaits: true),
            RechargeReason.InvoiceOverdue => ByInvoice(situation, Terms, hasOverdue: true),
            RechargeReason.InvoiceLimit => ByInvoice(situation, Terms, unpaidCents: 49_900),
        };
    }

    private static InvoiceTerms Terms => new() { IsApproved = true, LimitCents = 50_000 };

    private static RechargeSituation ByInvoice(
        RechargeSituation situation, InvoiceTerms? terms, bool awaits = false, bool hasOverdue = false,
        long unpaidCents = 0) => situation with
        {
            Cards = [],
            Rule = With(situation.Rule!, rule => rule.PaysByInvoice = true),
            Invoices = new InvoiceStanding(
                new InvoiceSituation(terms, new UnpaidInvoices(unpaidCents, hasOverdue)), awaits),
        };

    private static RechargeSituation After(RechargeSituation situation, AttemptState state, params TimeSpan[] ago) =>
        situation with { History = [.. ago.Select(time => Past(state, time))] };

    private static RechargeRule Paused(RechargeRule rule, RechargePause reason) =>
        With(rule, it => (it.PausedReason, it.PausedAt) = (reason, Now));

    private static RechargeRule With(RechargeRule rule, Action<RechargeRule> change)
    {
        change(rule);
        return rule;
    }
}
