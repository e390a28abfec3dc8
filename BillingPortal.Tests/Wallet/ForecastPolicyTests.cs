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
        Assert.Equal(Now.AddDays(6), ForecastPolicy.UsedUpAt(Amount.Credits(300), Amount.Credits(50), Now));

    [Fact]
    public void What_is_empty_is_used_up_now() =>
        Assert.Equal(Now, ForecastPolicy.UsedUpAt(Amount.Credits(0), Amount.Credits(50), Now));

    [Fact]
    public void A_date_years_away_is_not_given() =>
        Assert.Null(ForecastPolicy.UsedUpAt(Amount.Credits(1_000_000), Amount.Credits(1), Now));

    private static List<Amount> Days(params int[] credits) => [.. credits.Select(use => Amount.Credits(use))];
}
