namespace BillingPortal.Jobs;

/// <summary>
/// One line of the schedule: a name for people and the command line, a cron in UTC, and what runs. It must be safe to
/// repeat and bounded; it returns what it counted.
/// </summary>
public sealed record ScheduledJob(
    string Name, string Cron, Func<IServiceProvider, CancellationToken, Task<IReadOnlyDictionary<string, long>>> Run)
{
    /// <summary>What a run counted, by name.</summary>
    public static IReadOnlyDictionary<string, long> Counts(params ReadOnlySpan<(string Name, long Value)> counts)
    {
        var values = new Dictionary<string, long>();
        foreach (var (name, value) in counts)
        {
            values[name] = value;
        }

        return values;
    }
}
