using System.Diagnostics;

namespace BillingPortal.Benchmarks;

/// <summary>What one mode did in one round.</summary>
/// <param name="AllDebits">With those that only warmed up.</param>
internal sealed record Measurement(
    string Mode, long Debits, long AllDebits, double PerSecond, double P50Ms, double P99Ms, double ClientCpuMicros, double Syncs,
    double WalBytes, double Batch)
{
    /// <summary>Lets <paramref name="callers"/> debit one after the other, each by itself, for the given time.</summary>
    public static async Task<Measurement> TakeAsync(
        IDebitMode mode, Workload workload, int callers, double seconds, BenchmarkServer server)
    {
        var warm = await RunAsync(mode, workload, callers, Math.Min(0.3, seconds / 4)); // connections, plans, tiered code
        var before = await WalAsync(server);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        mode.TakeBatchSize();
        var clock = Stopwatch.StartNew();
        var latencies = await RunAsync(mode, workload, callers, seconds);
        var elapsed = clock.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var after = await WalAsync(server);
        var debits = latencies.LongLength * mode.DebitsPerCall;
        Array.Sort(latencies);
        return new Measurement(
            mode.Name, debits, debits + (warm.LongLength * mode.DebitsPerCall), debits / elapsed, Ms(latencies, 0.5), Ms(latencies, 0.99),
            cpu.TotalMicroseconds / debits, Syncs: 0, (after - before) / debits, mode.TakeBatchSize());
    }

    private static async Task<long[]> RunAsync(IDebitMode mode, Workload workload, int callers, double seconds)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var number = Random.Shared.NextInt64(1 << 20);
        var all = await Task.WhenAll(Enumerable.Range(0, mode.CallersFor(callers)).Select(caller => Task.Run(async () =>
        {
            var latencies = new List<long>(1024);
            for (var now = Stopwatch.GetTimestamp(); now < end;)
            {
                await mode.DebitAsync(caller, workload.Pick(Interlocked.Increment(ref number)));
                var done = Stopwatch.GetTimestamp();
                latencies.Add(done - now);
                now = done;
            }

            return latencies;
        })));
        return [.. all.SelectMany(latencies => latencies)];
    }

    private static double Ms(long[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * share)] * 1_000.0 / Stopwatch.Frequency;

    /// <summary>Flushes of the log so far, without those of sessions that are still open.</summary>
    public static async Task<double> SyncsAsync(BenchmarkServer server)
    {
        var version = await server.ScalarAsync<string>("SHOW server_version_num");
        return string.CompareOrdinal(version, "180000") < 0
            ? await server.ScalarAsync<long>("SELECT wal_sync FROM pg_stat_wal")
            : (double)await server.ScalarAsync<decimal>("SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'");
    }

    private static async Task<double> WalAsync(BenchmarkServer server) =>
        (double)await server.ScalarAsync<decimal>("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
}
