using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Pricing;

/// <summary>
/// One price of one service on one plan for a span of time: a base per event plus a rate per quantity. Shared by the general price
/// book and a tenant's own prices; knows how to rate, never whom it is for.
/// </summary>
public abstract class PriceRow
{
    public Guid Id { get; init; }

    /// <summary>The plan whose unit this price is in.</summary>
    public Unit Plan { get; init; }

    /// <summary>One of <see cref="ServiceCodes"/>.</summary>
    public required string Service { get; init; }

    /// <summary>False withdraws the service for the span of this row.</summary>
    public bool IsOffered { get; init; } = true;

    /// <summary>Once per event (a call's connection), in ten-thousandths of the plan's unit.</summary>
    public long BaseE4 { get; init; }

    /// <summary>Per one of the quantity, in ten-thousandths of the plan's unit.</summary>
    public long RateE4 { get; init; }

    /// <summary>A started minute counts as a whole one.</summary>
    public bool PerStarted { get; init; }

    public DateTimeOffset ValidFrom { get; init; }

    /// <summary>Null: until a later row takes over.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    public bool IsInForceAt(DateTimeOffset at) => ValidFrom <= at && (ValidUntil is null || at < ValidUntil);

    /// <summary>What the quantity costs, rounded half up to four places once.</summary>
    public Amount Rate(decimal quantity) => Amount.Of((BaseE4 + (RateE4 * Count(quantity))) / Amount.Scale, Plan);

    /// <summary>How much the quantity counts at this price.</summary>
    public decimal Count(decimal quantity) => PerStarted ? decimal.Ceiling(quantity) : quantity;

    /// <summary>The largest quantity that costs no more than the amount, to four places; whole where quantities are. At most
    /// <paramref name="quantityMax"/>.</summary>
    public decimal QuantityFor(Amount amount, decimal quantityMax)
    {
        var left = amount.E4 - BaseE4;
        if (left < 0 || RateE4 == 0)
        {
            return left < 0 ? 0 : quantityMax;
        }

        var quantity = (decimal)left / RateE4;
        var isWhole = PerStarted || !ServiceCodes.TakesFractions(Service);
        return Math.Min(quantityMax, isWhole ? decimal.Floor(quantity) : decimal.Floor(quantity * 10_000) / 10_000);
    }

    /// <summary>The longest call that costs no more than the amount, to the second; null for what is not counted in
    /// minutes. At most <paramref name="quantityMax"/> minutes.</summary>
    public int? SecondsFor(Amount amount, decimal quantityMax)
    {
        if (Service != ServiceCodes.Voice)
        {
            return null;
        }

        var minutes = PerStarted || RateE4 == 0 || amount.E4 < BaseE4
            ? QuantityFor(amount, quantityMax)
            : Math.Min(quantityMax, (decimal)(amount.E4 - BaseE4) / RateE4);
        return (int)decimal.Floor(minutes * 60);
    }

    /// <summary>The price in words: "25 credits per started minute", "$0.10 + $0.05 per minute".</summary>
    public string ToText()
    {
        var unit = (PerStarted ? "started " : "") + ServiceCodes.UnitNameOf(Service);
        return BaseE4 == 0 ? $"{Money(RateE4)} per {unit}" : $"{Money(BaseE4)} + {Money(RateE4)} per {unit}";
    }

    private string Money(long e4)
    {
        var value = (decimal)e4 / Amount.Scale;
        return Plan switch
        {
            Unit.Credits => string.Create(CultureInfo.InvariantCulture, $"{value:0.####} credits"),
            Unit.Usd => string.Create(CultureInfo.InvariantCulture, $"${value:0.00##}"),
        };
    }
}

/// <summary>A price of the general price book, for every tenant that has none of its own.</summary>
public sealed class Price : PriceRow;

/// <summary>A price agreed with one tenant; goes before the general one while it is in force.</summary>
public sealed class TenantPrice : PriceRow
{
    public Guid TenantId { get; init; }
}
