using System.Diagnostics;
using BillingPortal.Tenants;

namespace BillingPortal.Usage;

/// <summary>
/// The command <c>import-usage</c>: streams a file of any size into the books, in the file's order. Safe to repeat and to interrupt:
/// what was posted before is a duplicate the next time.
/// </summary>
public sealed class UsageImport(UsageService usage, TenantReader tenants, UsageOptions options, TimeProvider clock)
{
    private const int BatchSize = 500;
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(2);

    /// <summary>
    /// 0 when every line was an event (posted, duplicate or insufficient), 1 when some were malformed, 2 when it could not run.
    /// </summary>
    public async Task<int> RunAsync(string path, bool replay, TextWriter console, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            await console.WriteLineAsync($"import-usage: there is no file {path}.");
            return 2;
        }

        if (replay)
        {
            await console.WriteLineAsync(
                "import-usage: --replay moves the sandbox's clock, and this portal does not run on the sandbox. Leave --replay out.");
            return 2;
        }

        var started = Stopwatch.GetTimestamp();
        var report = new ImportReport();
        await using var file = File.OpenRead(path);
        await ImportAsync(file, report, console, cancellationToken);
        await report.WriteAsync(console, Stopwatch.GetElapsedTime(started));
        return report.Malformed == 0 ? 0 : 1;
    }

    private async Task ImportAsync(FileStream file, ImportReport report, TextWriter console, CancellationToken cancellationToken)
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
            if (batch.Count < BatchSize)
            {
                continue;
            }

            await PostAsync(batch, report, cancellationToken);
            if (Stopwatch.GetElapsedTime(lastProgress) >= BetweenProgress)
            {
                lastProgress = Stopwatch.GetTimestamp();
                await console.WriteLineAsync(report.Progress());
            }
        }

        await PostAsync(batch, report, cancellationToken);
    }

    private async Task PostAsync(List<ImportEvent> batch, ImportReport report, CancellationToken cancellationToken)
    {
        var results = await usage.RecordAsync([.. batch.Select(line => line.Usage)], cancellationToken);
        foreach (var (line, result) in batch.Zip(results))
        {
            report.Add(line, result);
        }

        batch.Clear();
    }
}
