using System.Globalization;

namespace BillingPortal.Usage;

/// <summary>What became of the lines of an import so far: counts of everything, the first few complaints in full.</summary>
internal sealed class ImportReport
{
    private const int ShownMax = 20;

    private readonly List<string> _malformed = [];
    private readonly List<string> _insufficient = [];

    public long Lines { get; private set; }

    public long Posted { get; private set; }

    public long Duplicate { get; private set; }

    /// <summary>Of the duplicates: those that say something else than the first report.</summary>
    public long Differing { get; private set; }

    public long Insufficient { get; private set; }

    public long Malformed { get; private set; }

    public void Add(ImportEvent line, UsageResult result)
    {
        switch (result.Outcome)
        {
            case UsageOutcome.Posted:
                Lines++;
                Posted++;
                break;
            case UsageOutcome.Duplicate:
                Lines++;
                Duplicate++;
                Differing += result.Differs ? 1 : 0;
                break;
            case UsageOutcome.Insufficient:
                Lines++;
                Insufficient++;
                Show(_insufficient, line.Number,
                    $"{line.Usage.Event.ReferenceId} takes {result.Amount}, available are {result.Available}");
                break;
            case UsageOutcome.Invalid:
                AddMalformed(line.Number, result.Fault!.Detail);
                break;
        }
    }

    public void AddMalformed(long number, string reason)
    {
        Lines++;
        Malformed++;
        Show(_malformed, number, reason);
    }

    public string Progress() => string.Create(CultureInfo.InvariantCulture,
        $"{Lines:N0} lines: {Posted:N0} posted, {Duplicate:N0} duplicate, {Insufficient:N0} insufficient, {Malformed:N0} malformed");

    public async Task WriteAsync(TextWriter console, TimeSpan took)
    {
        await WriteListAsync(console, "Malformed", _malformed, Malformed);
        await WriteListAsync(console, "Insufficient", _insufficient, Insufficient);
        await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Progress()}, in {took.TotalSeconds:0.0} s"));
        if (Differing > 0)
        {
            await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{Differing:N0} of the duplicates differ from what was posted first under their reference_id."));
        }
    }

    private static async Task WriteListAsync(TextWriter console, string title, List<string> shown, long count)
    {
        foreach (var complaint in shown)
        {
            await console.WriteLineAsync($"{title}: {complaint}");
        }

        if (count > shown.Count)
        {
            await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{title}: … and {count - shown.Count:N0} more"));
        }
    }

    private static void Show(List<string> shown, long number, string reason)
    {
        if (shown.Count < ShownMax)
        {
            shown.Add(string.Create(CultureInfo.InvariantCulture, $"line {number}: {reason}"));
        }
    }
}

/// <summary>A line that could be read: whose event it is, and where it stood.</summary>
internal sealed record ImportEvent(long Number, TenantUsage Usage);
