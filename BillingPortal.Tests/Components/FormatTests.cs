using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Tests.Components;

/// <summary>How amounts and times read.</summary>
public sealed class FormatTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1045, "1,045 credits")]
    [InlineData(1, "1 credit")]
    [InlineData(0, "0 credits")]
    [InlineData(0.5, "0.5 credits")]
    [InlineData(-20, "\u221220 credits")]
    public void Credits_name_their_unit(double value, string expected) =>
        Assert.Equal(expected, AmountFormat.Text(Amount.Credits((decimal)value)));

    [Theory]
    [InlineData(22, "$22.00")]
    [InlineData(0.375, "$0.375")]
    [InlineData(0.0001, "$0.0001")]
    [InlineData(-1234.5, "\u2212$1,234.50")]
    public void Dollars_keep_their_cents_and_every_further_digit(double value, string expected) =>
        Assert.Equal(expected, AmountFormat.Text(Amount.Usd((decimal)value)));

    [Fact]
    public void A_change_says_its_direction()
    {
        Assert.Equal("+250 credits", AmountFormat.Change(Amount.Credits(250)));
        Assert.Equal("\u22125 credits", AmountFormat.Change(Amount.Credits(-5)));
        Assert.Equal("$6.50", AmountFormat.Cents(650));
    }

    [Fact]
    public void Times_stand_in_the_tenants_zone_and_an_unknown_zone_is_utc()
    {
        Assert.Equal("20 Nov 2026, 13:00", TimeFormat.DateAndTime(Noon, "Europe/Berlin"));
        Assert.Equal("20 Nov 2026, 12:00", TimeFormat.DateAndTime(Noon, "Nowhere/Land"));
        Assert.Equal("2026-11-20 12:00:00 UTC", TimeFormat.Utc(Noon.ToOffset(TimeSpan.FromHours(3))));
    }

    [Fact]
    public void Every_month_is_named_by_three_letters() =>
        Assert.Equal("20 Sep 2026", TimeFormat.Date(Noon.AddMonths(-2), "Europe/Berlin"));
}
