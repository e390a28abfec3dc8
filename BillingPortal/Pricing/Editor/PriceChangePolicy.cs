using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>Whether a change of a price makes sense, and the row it becomes. Pure but for the row's new id.</summary>
public static class PriceChangePolicy
{
    /// <summary>As the database says: a million units keep rated amounts within 64 bits.</summary>
    public const decimal AmountMax = 1_000_000;

    /// <param name="change">What is wanted.</param>
    /// <param name="line">The price's rows now, read under its lock where it is to be saved.</param>
    /// <param name="general">For a tenant's own price: the general one, which counts where it has none.</param>
    /// <param name="soonest">The earliest moment that a change may hold from.</param>
    public static PriceVerdict Judge(PriceChange change, PriceLine line, PriceLine? general, DateTimeOffset soonest)
    {
        var from = change.From ?? soonest;
        if ((FigureRefusal(change) ?? EditTimes.Refuse(from, soonest) ?? SpanRefusal(change, from)) is { } refusal)
        {
            return PriceVerdict.Refused(refusal);
        }

        if (line.Rows.Any(row => row.ValidFrom == from))
        {
            return PriceVerdict.Refused(
                $"Another change is scheduled for exactly {PriceText.Moment(from)}. Withdraw that one first, or choose another moment.");
        }

        var row = ToRow(change, from);
        var before = line.InForceAt(from);
        var isSame = before is null && general is null ? !row.IsOffered : before is not null && IsSame(before, row);
        return isSame
            ? PriceVerdict.Refused($"That is the price at {PriceText.Moment(from)} already: nothing would change.")
            : new PriceVerdict(row, Refusal: null);
    }

    private static string? FigureRefusal(PriceChange change)
    {
        if (!PriceText.Services.Contains(change.Key.Service))
        {
            return "Choose a service of the price list.";
        }

        if (!change.IsOffered)
        {
            return null;
        }

        var isCall = ServiceCodes.TakesFractions(change.Key.Service);
        return change.Rate is not { } rate
            ? $"Enter the price per {ServiceCodes.UnitNameOf(change.Key.Service)}; 0 makes it free."
            : AmountRefusal("The price", rate) ?? AmountRefusal("The connection fee", change.Base ?? 0)
            ?? (isCall ? null
                : change.Base > 0 ? "Only calls have a connection fee."
                : change.PerStarted ? "Only calls are counted in started minutes."
                : null);
    }

    private static string? AmountRefusal(string what, decimal amount) =>
        amount < 0 ? $"{what} must not be below 0."
        : amount > AmountMax ? $"{what} must not be above {AmountMax:N0}."
        : decimal.Round(amount, 4) != amount ? $"{what} has at most four places after the point."
        : null;

    private static string? SpanRefusal(PriceChange change, DateTimeOffset from) =>
        change.Until is not { } until ? null
        : change.Key.TenantId is null ? "A price of the general list holds until the next one: only a tenant's own price has an end."
        : until <= from ? "The end must lie after the beginning."
        : until > from.AddYears(10) ? "The end is more than ten years ahead. Leave it empty for a price without an end."
        : null;

    private static bool IsSame(PriceRow before, PriceRow after) =>
        before.ValidUntil == after.ValidUntil && before.IsOffered == after.IsOffered
        && (!after.IsOffered
            || (before.BaseE4 == after.BaseE4 && before.RateE4 == after.RateE4 && before.PerStarted == after.PerStarted));

    private static PriceRow ToRow(PriceChange change, DateTimeOffset from)
    {
        var (key, isOffered) = (change.Key, change.IsOffered);
        var baseE4 = isOffered ? Amount.Of(change.Base ?? 0, key.Plan).E4 : 0;
        var rateE4 = isOffered ? Amount.Of(change.Rate ?? 0, key.Plan).E4 : 0;
        return key.TenantId is { } tenantId
            ? new TenantPrice
            {
                Id = Ids.New(),
                TenantId = tenantId,
                Plan = key.Plan,
                Service = key.Service,
                IsOffered = isOffered,
                BaseE4 = baseE4,
                RateE4 = rateE4,
                PerStarted = isOffered && change.PerStarted,
                ValidFrom = from,
                ValidUntil = change.Until,
            }
            : new Price
            {
                Id = Ids.New(),
                Plan = key.Plan,
                Service = key.Service,
                IsOffered = isOffered,
                BaseE4 = baseE4,
                RateE4 = rateE4,
                PerStarted = isOffered && change.PerStarted,
                ValidFrom = from,
            };
    }
}
