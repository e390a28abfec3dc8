namespace BillingPortal.Web.Shutdown;

/// <summary>How a process takes its leave; section <c>Shutdown</c>.</summary>
public sealed record ShutdownOptions
{
    public const string Section = "Shutdown";

    private const int DrainSecondsUsual = 5;
    private const int DrainSecondsMax = 600;
    private const int TimeoutSecondsMax = 600;

    /// <summary>
    /// So long it says that it is not ready and still answers, before it stops: longer than the proxy takes to notice. Nobody waits
    /// in Development.
    /// </summary>
    public int? DrainSeconds { get; init; }

    /// <summary>So long requests, jobs and queues may then take to come to an end.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <exception cref="InvalidOperationException">A value makes no sense; the message names the setting.</exception>
    public void Validate()
    {
        if (DrainSeconds is < 0 or > DrainSecondsMax)
        {
            throw new InvalidOperationException($"Shutdown:DrainSeconds must be 0 to {DrainSecondsMax}, not {DrainSeconds}.");
        }

        if (TimeoutSeconds is < 1 or > TimeoutSecondsMax)
        {
            throw new InvalidOperationException($"Shutdown:TimeoutSeconds must be 1 to {TimeoutSecondsMax}, not {TimeoutSeconds}.");
        }
    }

    internal TimeSpan DrainIn(IHostEnvironment environment) =>
        TimeSpan.FromSeconds(DrainSeconds ?? (environment.IsDevelopment() ? 0 : DrainSecondsUsual));
}
