namespace BillingPortal.Pricing.Editor;

/// <summary>What staff wants a price to become. Not yet judged.</summary>
public sealed record PriceChange
{
    public required PriceKey Key { get; init; }

    /// <summary>False: the service is not offered; the figures then do not matter.</summary>
    public bool IsOffered { get; init; } = true;

    /// <summary>Once per event, in the plan's unit; calls only.</summary>
    public decimal? Base { get; init; }

    /// <summary>Per one of the quantity, in the plan's unit.</summary>
    public decimal? Rate { get; init; }

    /// <summary>A started minute counts as a whole one; calls only.</summary>
    public bool PerStarted { get; init; }

    /// <summary>Null: as soon as every process knows of it.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>A tenant's own price only; null: until it is ended.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A judged change: the row to write, or why there is none.</summary>
public sealed record PriceVerdict(PriceRow? Row, string? Refusal)
{
    internal static PriceVerdict Refused(string refusal) => new(Row: null, refusal);
}
