using System.Diagnostics;

namespace BillingPortal.Benchmarks;

/// <summary>What one mode did in one round.</summary>
internal sealed record Measurement(
    string Mode, long Debits, double PerSecond, double P50Ms, double P99Ms, double ClientCpuMicros, double Syncs, double WalBytes,
    double Batch)
{
    /// <summary>Lets <paramref name="callers"/> debit one after the other, each by itself, for the given time.</summary>
    public static async Task<Measurement> TakeAsync(
        IDebitMode mode, Workload workload, int callers, double seconds, BenchmarkServer server)
    {
        await RunAsync(mode, workload, callers, Math.Min(0.3, seconds / 4)); // warm: connections, plans, tiered code
        var before = await CountersAsync(server);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        mode.TakeBatchSize();
        var clock = Stopwatch.StartNew();
        var latencies = await RunAsync(mode, workload, callers, seconds);
        var elapsed = clock.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var after = await CountersAsync(server);
        var debits = latencies.LongLength * mode.DebitsPerCall;
        Array.Sort(latencies);
        return new Measurement(
            mode.Name, debits, debits / elapsed, Ms(latencies, 0.5), Ms(latencies, 0.99), cpu.TotalMicroseconds / debits,
            (after.Syncs - before.Syncs) / debits, (after.Wal - before.Wal) / debits, mode.TakeBatchSize());
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

    private static async Task<(double Wal, double Syncs)> CountersAsync(BenchmarkServer server)
    {
        var wal = await server.ScalarAsync<decimal>("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn");
        await server.ScalarAsync<object>("SELECT pg_stat_force_next_flush()");
        var version = await server.ScalarAsync<string>("SHOW server_version_num");
        var syncs = string.CompareOrdinal(version, "180000") < 0
            ? await server.ScalarAsync<long>("SELECT wal_sync FROM pg_stat_wal")
            : (long)await server.ScalarAsync<decimal>("SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'");
        return ((double)wal, syncs);
    }
}
