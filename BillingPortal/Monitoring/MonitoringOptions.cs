namespace BillingPortal.Monitoring;

/// <summary>What is told to whom watches; section <c>Metrics</c>. Where traces go is said by OpenTelemetry's own variables.</summary>
public sealed record MonitoringOptions
{
    public const string Section = "Metrics";

    /// <summary>How old a state read from the database may be before a scrape reads it again.</summary>
    public int ReadEverySeconds { get; init; } = 15;

    /// <summary>How long a scrape waits for that; afterwards it answers with what was read before.</summary>
    public int ReadPatienceSeconds { get; init; } = 2;

    internal void Validate()
    {
        if (ReadEverySeconds < 0 || ReadPatienceSeconds < 1)
        {
            throw new InvalidOperationException("Metrics:ReadEverySeconds must be at least 0, Metrics:ReadPatienceSeconds at least 1.");
        }
    }
}
