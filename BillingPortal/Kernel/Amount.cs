using System.Globalization;
using System.Numerics;

namespace BillingPortal.Kernel;

/// <summary>
/// An exact quantity of one unit, counted in ten-thousandths; never floating point. Mixing units is a programmer error and throws.
/// </summary>
public readonly record struct Amount(long E4, Unit Unit) : IComparable<Amount>, IComparisonOperators<Amount, Amount, bool>
{
    /// <summary>Ten-thousandths in one whole unit.</summary>
    public const long Scale = 10_000;

    public bool IsZero => E4 == 0;

    public bool IsPositive => E4 > 0;

    public bool IsNegative => E4 < 0;

    public static Amount Credits(decimal value) => Of(value, Unit.Credits);

    public static Amount Usd(decimal value) => Of(value, Unit.Usd);

    /// <summary>US dollars from Stripe's integer cents.</summary>
    public static Amount UsdCents(long cents) => new(checked(cents * 100), Unit.Usd);

    public static Amount Zero(Unit unit) => new(0, unit);

    /// <summary>Rounds half up (away from zero) to four places, the one rounding an event gets.</summary>
    /// <exception cref="OverflowException">The value does not fit 64 bits of ten-thousandths.</exception>
    public static Amount Of(decimal value, Unit unit) =>
        new(decimal.ToInt64(decimal.Round(value * Scale, 0, MidpointRounding.AwayFromZero)), unit);

    public decimal ToDecimal() => (decimal)E4 / Scale;

    public Amount Abs() => this with { E4 = Math.Abs(E4) };

    public static Amount Max(Amount left, Amount right) => left >= right ? left : right;

    public static Amount Min(Amount left, Amount right) => left <= right ? left : right;

    public int CompareTo(Amount other) => E4.CompareTo(Same(this, other).E4);

    public static Amount operator +(Amount left, Amount right) => new(checked(left.E4 + Same(left, right).E4), left.Unit);

    public static Amount operator -(Amount left, Amount right) => new(checked(left.E4 - Same(left, right).E4), left.Unit);

    public static Amount operator -(Amount value) => new(checked(-value.E4), value.Unit);

    public static Amount operator *(Amount value, long count) => new(checked(value.E4 * count), value.Unit);

    public static bool operator <(Amount left, Amount right) => left.E4 < Same(left, right).E4;

    public static bool operator >(Amount left, Amount right) => left.E4 > Same(left, right).E4;

    public static bool operator <=(Amount left, Amount right) => left.E4 <= Same(left, right).E4;

    public static bool operator >=(Amount left, Amount right) => left.E4 >= Same(left, right).E4;

    /// <summary>For logs: the exact value and the unit's code. Pages format with <c>AmountText</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{ToDecimal():0.####} {Unit.ToCode()}");

    private static Amount Same(Amount left, Amount right) => left.Unit == right.Unit
        ? right
        : throw new InvalidOperationException($"{left.Unit} and {right.Unit} cannot be mixed.");
}
