namespace BillingPortal.Pricing.Editor;

/// <summary>From when a change can hold. Pure.</summary>
public static class EditTimes
{
    /// <summary>Further ahead nobody plans prices; a wrong year is noticed.</summary>
    public const int YearsAheadMax = 2;

    /// <summary>
    /// The first whole minute at which every process has learned of a change made now: until then some still read the old prices
    /// from memory, and an event must have one price, whoever rates it.
    /// </summary>
    public static DateTimeOffset Soonest(DateTimeOffset now, PricingOptions options)
    {
        var ticks = now.AddSeconds(options.CacheSeconds).UtcTicks + TimeSpan.TicksPerMinute - 1;
        return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
    }

    /// <summary>Null when a change may hold from then.</summary>
    public static string? Refuse(DateTimeOffset from, DateTimeOffset soonest) =>
        from < soonest ? $"What is past stays as it was charged. The earliest moment is {PriceText.Moment(soonest)}."
        : from > soonest.AddYears(YearsAheadMax) ? $"That is more than {YearsAheadMax} years ahead. Check the date."
        : null;
}
