using BillingPortal.Kernel;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

public sealed class ForecastPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Six_days_of_history_are_too_few_for_a_forecast() =>
        Assert.Null(ForecastPolicy.DailyPace(Days(50, 50, 50, 50, 50, 50)));

    [Fact]
    public void One_wild_day_does_not_move_the_pace() =>
        Assert.Equal(Amount.Credits(50), ForecastPolicy.DailyPace(Days(40, 50, 5000, 60, 50, 45, 55)));

    [Fact]
    public void An_even_number_of_days_takes_the_middle_of_the_two_middle_ones() =>
        Assert.Equal(Amount.Credits(45), ForecastPolicy.DailyPace(Days(10, 20, 30, 40, 50, 60, 70, 80)));

    [Fact]
    public void An_account_that_is_idle_on_most_days_gets_no_forecast() =>
        Assert.Null(ForecastPolicy.DailyPace(Days(0, 0, 0, 0, 90, 90, 90)));

    [Fact]
    public void Three_hundred_credits_at_fifty_a_day_last_six_days() =>
        Assert.Equal(Now.AddDays(6), ForecastPolicy.UsedUpAt(Amount.Credits(300), Amount.Credits(50), Now, []));

    [Fact]
    public void What_is_empty_is_used_up_now() =>
        Assert.Equal(Now, ForecastPolicy.UsedUpAt(Amount.Credits(0), Amount.Credits(50), Now, []));

    [Fact]
    public void A_date_years_away_is_not_given() =>
        Assert.Null(ForecastPolicy.UsedUpAt(Amount.Credits(1_000_000), Amount.Credits(1), Now, []));

    // 300 at 50 a day; 100 on the second day leave 100, which last two days more.
    [Fact]
    public void A_renewal_takes_its_rent_on_its_day() =>
        Assert.Equal(Now.AddDays(4), ForecastPolicy.UsedUpAt(Amount.Credits(300), Amount.Credits(50), Now, [Renewal(2, 100)]));

    [Fact]
    public void A_renewal_that_is_not_covered_is_the_end() =>
        Assert.Equal(
            Now.AddDays(3),
            ForecastPolicy.UsedUpAt(Amount.Credits(300), Amount.Credits(50), Now, [Renewal(2, 100), Renewal(3, 500)]));

    [Fact]
    public void A_renewal_after_the_end_and_one_that_is_overdue_change_what_they_change()
    {
        Assert.Equal(
            Now.AddDays(6), ForecastPolicy.UsedUpAt(Amount.Credits(300), Amount.Credits(50), Now, [Renewal(7, 100)]));
        Assert.Equal(
            Now.AddDays(4), ForecastPolicy.UsedUpAt(Amount.Credits(300), Amount.Credits(50), Now, [Renewal(-1, 100)]));
    }

    [Fact]
    public void Where_only_numbers_cost_it_lasts_until_one_is_not_covered()
    {
        Renewal[] renewals = [Renewal(10, 100), Renewal(40, 100), Renewal(70, 100)];

        Assert.Equal(Now.AddDays(70), ForecastPolicy.UsedUpAt(Amount.Credits(250), Amount.Credits(0), Now, renewals));
        Assert.Null(ForecastPolicy.UsedUpAt(Amount.Credits(350), Amount.Credits(0), Now, renewals));
    }

    private static Renewal Renewal(int days, int credits) => new(Now.AddDays(days), Amount.Credits(credits), Numbers: 1);

    private static List<Amount> Days(params int[] credits) => [.. credits.Select(use => Amount.Credits(use))];
}
