using BillingPortal.Ledger;

namespace BillingPortal.Benchmarks;

/// <summary>
/// The ledger's claims, measured: all modes on one server in one run, interleaved round by round, compared by the medians and ranges
/// of their ratios. Proves the books afterwards.
/// </summary>
internal sealed class LedgerBenchmark(BenchmarkServer server, LedgerBenchmarkOptions options)
{
    /// <summary>The process's exit code: 0 when the books are proven.</summary>
    public async Task<int> RunAsync()
    {
        await server.ExecuteAsync(BaselineMode.Setup);
        await server.ExecuteAsync(FieldMode.Setup);
        Console.WriteLine($"PostgreSQL {await server.ScalarAsync<string>("SHOW server_version")}, {Environment.ProcessorCount} cores, "
            + $"{options.Tenants:N0} tenants, {options.Rounds} rounds of {options.Seconds} s per mode, durable commits");
        foreach (var name in options.Workloads)
        {
            var workload = new Workload(name, server.Tenants);
            foreach (var callers in options.Callers)
            {
                await CompareAsync(workload, callers);
            }
        }

        return await AuditAsync();
    }

    private async Task CompareAsync(Workload workload, int callers)
    {
        var rounds = new List<Dictionary<string, Measurement>>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var taken = new Dictionary<string, Measurement>();
            foreach (var name in options.Modes.Where(name => MakesSense(name, workload, callers)))
            {
                await using var mode = Mode(name, taken);
                taken[name] = await Measurement.TakeAsync(mode, workload, callers, options.Seconds, server);
            }

            rounds.Add(taken);
        }

        Report(workload, callers, rounds);
    }

    // The floor takes distinct tenants; one caller alone is about the quiet case.
    private static bool MakesSense(string mode, Workload workload, int callers) =>
        (mode != "floor" || (workload.Name == "spread" && callers > 1))
        && (callers > 1 || mode is "limit" or "baseline" or "field" or "ours");

    private IDebitMode Mode(string name, Dictionary<string, Measurement> taken) => name switch
    {
        "limit" => new LimitMode(server.Owner),
        "baseline" => new BaselineMode(server.Owner),
        "field" => new FieldMode(server.Owner),
        "orm" => new OrmMode(server.Owner),
        "ours" => new OursMode(server, textKeys: false),
        "ours-text-keys" => new OursMode(server, textKeys: true),
        "floor" => new FloorMode(
            server.Owner, server.Tenants, (int)Math.Max(1, taken.TryGetValue("ours", out var ours) ? ours.Batch : 128)),
        _ => throw new ArgumentException($"{name} is not a mode."),
    };

    private void Report(Workload workload, int callers, List<Dictionary<string, Measurement>> rounds)
    {
        Console.WriteLine($"\n{workload.Name}, {callers} callers");
        Console.WriteLine("mode            debits/s   p50 ms   p99 ms   batch   client µs   fsyncs   WAL bytes   "
            + "ours is × (range)   p99 of ours ÷ its");
        foreach (var name in rounds[0].Keys)
        {
            var all = rounds.Select(round => round[name]).ToList();
            var ratios = rounds.Where(round => round.ContainsKey("ours")).Select(round => round["ours"].PerSecond / round[name].PerSecond)
                .Order().ToList();
            var tails = rounds.Where(round => round.ContainsKey("ours")).Select(round => round["ours"].P99Ms / round[name].P99Ms);
            var compared = name == "ours" || ratios.Count == 0 ? ""
                : $"{Median(ratios),6:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00})   {Median(tails),8:0.00}";
            Console.WriteLine(
                $"{name,-14} {Median(all, m => m.PerSecond),9:N0} {Median(all, m => m.P50Ms),8:0.00} {Median(all, m => m.P99Ms),8:0.00} "
                + $"{Median(all, m => m.Batch),7:0.0} {Median(all, m => m.ClientCpuMicros),11:0.0} {Median(all, m => m.Syncs),8:0.000} "
                + $"{Median(all, m => m.WalBytes),11:0}   {compared}");
        }
    }

    private async Task<int> AuditAsync()
    {
        var report = await new LedgerAudit(server.Database, TimeProvider.System).RunAsync(full: true);
        Console.WriteLine($"\naudit: {report.Accounts:N0} accounts, {report.Entries:N0} entries, {report.Violations.Count} violations");
        foreach (var violation in report.Violations.Take(20))
        {
            Console.WriteLine($"  {violation.TenantId} {violation.Unit} {violation.Rule}: {violation.Detail}");
        }

        return report.IsClean ? 0 : 1;
    }

    private static double Median(IEnumerable<Measurement> all, Func<Measurement, double> figure) => Median(all.Select(figure));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }
}
