using System.Diagnostics;
using BillingPortal.Tenants;

namespace BillingPortal.Usage;

/// <summary>
/// The command <c>import-usage</c>: streams a file of any size into the books, in the file's order. Safe to repeat and to interrupt:
/// what was posted before is a duplicate the next time.
/// </summary>
/// <param name="replay">Null where there is no sandbox.</param>
public sealed class UsageImport(
    UsageService usage, UsageReplay? replay, TenantReader tenants, UsageOptions options, TimeProvider clock)
{
    private const int BatchSize = 500;
    private const int ReplayBatchSize = 100;
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(2);

    /// <summary>
    /// 0 when every line was an event (posted, duplicate or insufficient), 1 when some were malformed, 2 when it could not run.
    /// </summary>
    public async Task<int> RunAsync(string path, bool replays, TextWriter console, CancellationToken cancellationToken)
    {
        if (Refuse(path, replays) is { } refusal)
        {
            await console.WriteLineAsync($"import-usage: {refusal}");
            return 2;
        }

        var started = Stopwatch.GetTimestamp();
        var report = new ImportReport();
        try
        {
            await using var file = File.OpenRead(path);
            await ImportAsync(file, replays, report, console, cancellationToken);
        }
        catch (TimeoutException stalled)
        {
            await report.WriteAsync(console, Stopwatch.GetElapsedTime(started));
            await console.WriteLineAsync($"import-usage: stopped: {stalled.Message} The same command goes on from here.");
            return 2;
        }

        await report.WriteAsync(console, Stopwatch.GetElapsedTime(started));
        return report.Malformed == 0 ? 0 : 1;
    }

    private string? Refuse(string path, bool replays) =>
        !File.Exists(path) ? $"there is no file {path}."
        : replays && replay is null
            ? "--replay moves the sandbox's clock, and this portal does not run on the sandbox. Leave --replay out."
        : null;

    private async Task ImportAsync(
        FileStream file, bool replays, ImportReport report, TextWriter console, CancellationToken cancellationToken)
    {
        var reader = new ImportReader(tenants, options, clock);
        var batch = new List<ImportEvent>(BatchSize);
        var lastProgress = Stopwatch.GetTimestamp();
        await foreach (var line in ImportLines.ReadAsync(file, cancellationToken))
        {
            var (read, complaint) = await reader.ReadAsync(line, cancellationToken);
            if (read is null)
            {
                report.AddMalformed(line.Number, complaint!);
                continue;
            }

            batch.Add(read);
            if (batch.Count < (replays ? ReplayBatchSize : BatchSize))
            {
                continue;
            }

            await PostAsync(batch, replays, report, cancellationToken);
            if (Stopwatch.GetElapsedTime(lastProgress) >= BetweenProgress)
            {
                lastProgress = Stopwatch.GetTimestamp();
                await console.WriteLineAsync(replays ? $"{clock.GetUtcNow():yyyy-MM-dd HH:mm}  {report.Progress()}" : report.Progress());
            }
        }

        await PostAsync(batch, replays, report, cancellationToken);
    }

    private async Task PostAsync(List<ImportEvent> batch, bool replays, ImportReport report, CancellationToken cancellationToken)
    {
        List<TenantUsage> usages = [.. batch.Select(line => line.Usage)];
        var results = await (replays
            ? replay!.RecordAsync(usages, cancellationToken)
            : usage.RecordAsync(usages, cancellationToken));
        foreach (var (line, result) in batch.Zip(results))
        {
            report.Add(line, result);
        }

        batch.Clear();
    }
}
