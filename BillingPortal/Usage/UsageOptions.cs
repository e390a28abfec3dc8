using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Usage;

/// <summary>Settings of section <c>Usage</c>: how much one request may ask for.</summary>
public sealed class UsageOptions
{
    public const string Section = "Usage";

    /// <summary>Events per request (contract, "HTTP interface").</summary>
    [Range(1, 1000)]
    public int EventsMax { get; init; } = 1000;

    /// <summary>The largest quantity of one event; the ledger's arithmetic allows a million.</summary>
    [Range(1, 1_000_000)]
    public int QuantityMax { get; init; } = 1_000_000;

    /// <summary>Characters of one event's metadata.</summary>
    [Range(2, 65_536)]
    public int MetadataLengthMax { get; init; } = 4096;

    /// <summary>How far ahead of the clock an event may claim to be: a wrong clock passes, seconds taken for milliseconds do not.</summary>
    [Range(0, 3660)]
    public int DaysAheadMax { get; init; } = 366;

    /// <summary>A hold's life when the caller names none (contract, "Shapes"): four hours.</summary>
    [Range(1, 86_400)]
    public int HoldSeconds { get; init; } = 4 * 3600;

    /// <summary>The longest life a caller may ask for (contract, "Shapes"): a day.</summary>
    [Range(1, 86_400)]
    public int HoldSecondsMax { get; init; } = 24 * 3600;
}
