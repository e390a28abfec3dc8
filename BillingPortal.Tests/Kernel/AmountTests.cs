using BillingPortal.Kernel;

namespace BillingPortal.Tests.Kernel;

/// <summary>Exactness, rounding and the refusal to mix units.</summary>
public sealed class AmountTests
{
    [Theory]
    [InlineData("0.375", 3_750)]
    [InlineData("0.00005", 1)]
    [InlineData("0.00004", 0)]
    [InlineData("-0.00005", -1)]
    public void A_value_is_rounded_half_up_to_ten_thousandths(string value, long expected) =>
        Assert.Equal(expected, Amount.Usd(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).E4);

    [Fact]
    public void Cents_are_hundredths_of_a_dollar() => Assert.Equal(22.00m, Amount.UsdCents(2200).ToDecimal());

    [Fact]
    public void Units_do_not_mix() => Assert.Throws<InvalidOperationException>(() => Amount.Usd(1) + Amount.Credits(1));

    [Fact]
    public void An_overflow_throws_instead_of_wrapping() =>
        Assert.Throws<OverflowException>(() => new Amount(long.MaxValue, Unit.Usd) + new Amount(1, Unit.Usd));
}
