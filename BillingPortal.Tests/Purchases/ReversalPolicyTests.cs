using BillingPortal.Kernel;
using BillingPortal.Providers.Payments;
using BillingPortal.Purchases;

namespace BillingPortal.Tests.Purchases;

/// <summary>How much of a purchase goes back, from what Stripe says in all.</summary>
public sealed class ReversalPolicyTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    // 1,000 credits for $22.00 with a bonus of 20.
    private readonly Purchase _purchase = new()
    {
        CreditsE4 = 10_000_000,
        BonusE4 = 200_000,
        PriceCents = 2200,
        Unit = Unit.Credits,
    };

    [Theory]
    [InlineData(1100, 5_100_000)]
    [InlineData(2200, 10_200_000)]
    [InlineData(1, 4_636)] // 10,200,000 / 2,200 = 4,636.36
    [InlineData(5000, 10_200_000)] // never more than was given
    [InlineData(0, 0)]
    public void A_refund_takes_its_share_of_everything_that_was_given(int cents, long takenE4)
    {
        var target = ReversalPolicy.Judge(_purchase, [Refund(cents)], []);

        Assert.Equal(takenE4, target.RefundTakenE4);
        Assert.Equal(0, target.DisputeTakenE4);
    }

    [Fact]
    public void Many_small_refunds_take_what_one_large_one_would()
    {
        var thirds = Enumerable.Repeat(Refund(733), 3).Append(Refund(1));

        Assert.Equal(10_200_000, ReversalPolicy.Judge(_purchase, [.. thirds], []).RefundTakenE4);
    }

    [Theory]
    [InlineData(RefundStatus.Pending, true)]
    [InlineData(RefundStatus.Succeeded, true)]
    [InlineData(RefundStatus.Failed, false)]
    [InlineData(RefundStatus.Canceled, false)]
    public void A_refund_that_did_not_go_through_takes_nothing(RefundStatus status, bool takes) =>
        Assert.Equal(
            takes ? 2200 : 0, ReversalPolicy.Judge(_purchase, [Refund(2200, status)], []).RefundedCents);

    [Theory]
    [InlineData(DisputeStatus.NeedsResponse, 10_200_000, DisputeState.Open)]
    [InlineData(DisputeStatus.UnderReview, 10_200_000, DisputeState.Open)]
    [InlineData(DisputeStatus.Lost, 10_200_000, DisputeState.Lost)]
    [InlineData(DisputeStatus.Won, 0, DisputeState.Won)]
    [InlineData(DisputeStatus.WarningNeedsResponse, 0, DisputeState.Open)]
    [InlineData(DisputeStatus.WarningClosed, 0, null)]
    [InlineData(DisputeStatus.Prevented, 0, null)]
    public void A_dispute_takes_while_the_bank_has_the_money(DisputeStatus status, long takenE4, DisputeState? state)
    {
        var target = ReversalPolicy.Judge(_purchase, [], [Dispute(2200, status)]);

        Assert.Equal((takenE4, state), (target.DisputeTakenE4, target.Dispute));
    }

    [Fact]
    public void Refund_and_dispute_together_never_take_more_than_was_given()
    {
        var target = ReversalPolicy.Judge(
            _purchase, [Refund(1100)], [Dispute(2200, DisputeStatus.NeedsResponse)]);

        Assert.Equal((5_100_000L, 5_100_000L), (target.RefundTakenE4, target.DisputeTakenE4));
    }

    [Fact]
    public void The_bonus_goes_first_and_comes_back_last()
    {
        var small = ReversalPolicy.Steps(_purchase, ReversalPolicy.Judge(_purchase, [Refund(22)], []));
        Assert.Equal([new ReversalStep(false, IsBonus: true, 102_000)], small);

        var half = ReversalPolicy.Judge(_purchase, [Refund(1100)], []);
        Assert.Equal(
            [new(false, IsBonus: true, 200_000), new(false, IsBonus: false, 4_900_000)],
            ReversalPolicy.Steps(_purchase, half));

        (_purchase.RefundTakenE4, _purchase.RefundedCents) = (half.RefundTakenE4, half.RefundedCents);
        Assert.Equal(
            [new(false, IsBonus: true, -98_000), new(false, IsBonus: false, -4_900_000)],
            ReversalPolicy.Steps(_purchase, ReversalPolicy.Judge(_purchase, [Refund(22)], [])));
    }

    [Fact]
    public void A_bonus_that_has_expired_is_not_taken_a_second_time()
    {
        var target = ReversalPolicy.Judge(_purchase, [Refund(2200)], [], expiredE4: 200_000);

        Assert.Equal(10_000_000, target.RefundTakenE4);
        Assert.Equal(
            [new ReversalStep(false, IsBonus: false, 10_000_000)],
            ReversalPolicy.Steps(_purchase, target, expiredE4: 200_000));
    }

    [Fact]
    public void What_stands_already_is_not_done_again()
    {
        var target = ReversalPolicy.Judge(_purchase, [Refund(1100)], []);
        (_purchase.RefundTakenE4, _purchase.DisputeTakenE4) = (target.RefundTakenE4, target.DisputeTakenE4);

        Assert.Empty(ReversalPolicy.Steps(_purchase, target));
    }

    // Whatever order the news comes in, the steps add up to the last reading.
    [Fact]
    public void Any_series_of_readings_ends_where_the_last_one_alone_would()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 500; round++)
        {
            var purchase = new Purchase { CreditsE4 = 10_000_000, BonusE4 = 200_000, PriceCents = 2200 };
            long taken = 0, bonus = 0;
            for (var reading = 0; reading < 6; reading++)
            {
                var target = ReversalPolicy.Judge(
                    purchase, [Refund(random.Next(2201))],
                    [Dispute(random.Next(2201), random.Next(2) == 0 ? DisputeStatus.NeedsResponse : DisputeStatus.Won)]);
                foreach (var step in ReversalPolicy.Steps(purchase, target))
                {
                    taken += step.TakenE4;
                    bonus += step.IsBonus ? step.TakenE4 : 0;
                }

                (purchase.RefundTakenE4, purchase.DisputeTakenE4) = (target.RefundTakenE4, target.DisputeTakenE4);
                Assert.Equal(target.RefundTakenE4 + target.DisputeTakenE4, taken);
                Assert.Equal(Math.Min(taken, 200_000), bonus);
            }
        }
    }

    // What staff wrote stands at Stripe's refund: only the refunds that are new since the last reading speak.
    [Fact]
    public void The_refunds_that_are_new_say_what_was_written_to_the_tenant()
    {
        var older = Said(700, "Old news.", Day);
        var newer = Said(400, "Sorry.", Day.AddHours(1));
        var dashboard = Refund(100) with { CreatedAt = Day.AddHours(2) };
        _purchase.RefundedCents = 700;

        var target = ReversalPolicy.Judge(_purchase, [dashboard, newer, older], []);

        Assert.Equal("Sorry.", ReversalPolicy.NoteOf(_purchase, [dashboard, newer, older], target));
        _purchase.RefundedCents = 1200;
        Assert.Null(ReversalPolicy.NoteOf(_purchase, [dashboard, newer, older], target));
    }

    [Theory]
    [InlineData(0, 0, 1100, 5_100_000)]
    [InlineData(1100, 0, 1100, 10_200_000)]
    [InlineData(1100, 1100, 500, 10_200_000)] // the dispute holds the other half already
    public void What_a_further_refund_would_leave_is_what_it_will_leave(
        int refunded, int disputed, int further, long takenE4)
    {
        (_purchase.RefundedCents, _purchase.DisputedCents) = (refunded, disputed);

        var after = ReversalPolicy.After(_purchase, further);

        Assert.Equal(takenE4, after.RefundTakenE4 + after.DisputeTakenE4);
        Assert.Equal(
            ReversalPolicy.Judge(_purchase, [Refund(refunded + further)], [Dispute(disputed, DisputeStatus.NeedsResponse)]) with
            {
                Dispute = null,
            },
            after);
    }

    private static Refund Said(long cents, string note, DateTimeOffset at) => Refund(cents) with
    {
        Metadata = new Dictionary<string, string> { [PurchaseTexts.RefundNoteKey] = note },
        CreatedAt = at,
    };

    private static Refund Refund(long cents, RefundStatus status = RefundStatus.Succeeded) => new(
        "re_1", status, cents, "usd", "pi_1", "ch_1", null, new Dictionary<string, string>(), Day);

    private static Dispute Dispute(long cents, DisputeStatus status) => new(
        "du_1", status, cents, "usd", "pi_1", "ch_1", "fraudulent", Day);
}
