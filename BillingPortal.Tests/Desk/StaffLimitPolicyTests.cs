using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Support;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Desk;

/// <summary>Who may move how much alone, and what a refund or adjustment will do, as plain figures.</summary>
public sealed class StaffLimitPolicyTests
{
    private readonly SupportOptions _options = new();

    [Theory]
    [InlineData(StaffRole.Agent, 50_00, 0, false, false)]
    [InlineData(StaffRole.Agent, 50_01, 0, true, false)]
    [InlineData(StaffRole.Agent, 50_00, 150_00, false, false)]
    [InlineData(StaffRole.Agent, 50_00, 150_01, false, true)]
    [InlineData(StaffRole.Agent, 300_00, 0, true, true)]
    [InlineData(StaffRole.Lead, 1_000_00, 4_000_00, false, false)]
    [InlineData(StaffRole.Lead, 1_000_01, 4_000_00, true, true)]
    public void Up_to_the_limits_one_person_is_enough(
        StaffRole role, long cents, long usedToday, bool isAboveLimit, bool isAboveDay)
    {
        var verdict = StaffLimitPolicy.Judge(role, cents, usedToday, leavesDebt: false, _options);

        Assert.Equal((isAboveLimit, isAboveDay), (verdict.IsAboveLimit, verdict.IsAboveDay));
        Assert.Equal(isAboveLimit || isAboveDay, verdict.NeedsApproval);
    }

    [Fact]
    public void What_leaves_a_debt_needs_a_second_person_however_small() =>
        Assert.True(StaffLimitPolicy.Judge(StaffRole.Lead, 1, 0, leavesDebt: true, _options).NeedsApproval);

    [Fact]
    public void What_nobody_can_value_needs_a_second_person() =>
        Assert.True(StaffLimitPolicy.Judge(StaffRole.Lead, valueCents: null, 0, leavesDebt: false, _options).IsAboveLimit);

    [Theory]
    [InlineData(1100, 510, 20, 0)] // half of 1,000 + 20; the bonus goes first
    [InlineData(22, 10.2, 10.2, 0)]
    [InlineData(2200, 1020, 20, 20)] // 20 are spent
    public void A_refund_says_what_it_takes_and_what_becomes_debt(int cents, double taken, double bonus, double debt)
    {
        var purchase = new Purchase
        {
            Unit = Unit.Credits,
            CreditsE4 = 10_000_000,
            BonusE4 = 200_000,
            PriceCents = 2200,
            State = PurchaseState.Settled,
        };

        var plan = RefundPlan.Of(purchase, cents, Amount.Credits(1000));

        Assert.Equal(
            [(decimal)taken, (decimal)bonus, (decimal)debt],
            [plan.TakenBack.ToDecimal(), plan.FromBonus.ToDecimal(), plan.Debt.ToDecimal()]);
        Assert.Equal(plan.TakenBack, plan.Unspent + plan.Debt);
        Assert.Equal(2200, plan.LeftCents);
    }

    [Fact]
    public void What_is_left_of_a_payment_counts_refunds_and_disputes()
    {
        var purchase = new Purchase
        {
            PriceCents = 2200,
            RefundedCents = 700,
            DisputedCents = 1000,
            State = PurchaseState.Settled,
        };
        Assert.Equal(500, RefundPlan.LeftOf(purchase));
        purchase.DisputedCents = 2200;
        Assert.Equal(0, RefundPlan.LeftOf(purchase));
    }

    [Fact]
    public void A_credit_pays_what_is_owed_first()
    {
        var plan = new AdjustmentPlan(Account(posted: 0, debt: 30), Amount.Credits(100), 220, RechargeBelow: null);

        Assert.Equal((30m, 70m), (plan.PaysDebt.ToDecimal(), plan.AvailableAfter.ToDecimal()));
    }

    [Fact]
    public void A_debit_never_takes_what_is_held_and_says_what_it_sets_off()
    {
        var account = Account(posted: 150, held: 40);

        var all = new AdjustmentPlan(account, -Amount.Credits(110), 242, Amount.Credits(100));
        Assert.True(all is { IsCovered: true, SetsOffRecharge: true });
        Assert.False(new AdjustmentPlan(account, -Amount.Credits(111), 242, RechargeBelow: null).IsCovered);
        Assert.False(new AdjustmentPlan(account, -Amount.Credits(10), 22, Amount.Credits(100)).SetsOffRecharge);
    }

    [Fact]
    public void Every_reason_reads_and_every_list_has_no_doubles()
    {
        Assert.All(Enum.GetValues<StaffReason>(), reason => Assert.NotEmpty(reason.ToText()));
        Assert.All(
            new[] { StaffReasons.OfRefunds, StaffReasons.OfCredits, StaffReasons.OfDebits },
            list => Assert.Equal(list.Count, list.Distinct().Count()));
    }

    [Fact]
    public void A_note_is_one_line_and_long_enough_to_mean_something()
    {
        Assert.Equal("Sorry, the call broke off", StaffNotes.Line(" Sorry,\r\n the\tcall  broke off "));
        Assert.NotNull(StaffNotes.Problem("hm", null));
        Assert.NotNull(StaffNotes.Problem(new string('x', 301), null));
        Assert.Null(StaffNotes.Problem("The call broke off", null));
    }

    private static Balance Account(decimal posted, decimal held = 0, decimal debt = 0) => new(
        Unit.Credits, Amount.Credits(posted), Amount.Credits(held), Amount.Credits(posted - held), Amount.Credits(debt));
}
