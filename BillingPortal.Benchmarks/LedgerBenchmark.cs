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
        foreach (var callers in options.Callers)
        {
            var results = new List<LedgerRounds>();
            foreach (var name in callers == 1 ? options.Workloads[..1] : options.Workloads)
            {
                results.Add(new LedgerRounds(name, await MeasureAsync(new Workload(name, server.Tenants), callers)));
            }

            LedgerReport.Write(callers, results);
        }

        return await AuditAsync();
    }

    private async Task<List<Dictionary<string, Measurement>>> MeasureAsync(Workload workload, int callers)
    {
        var rounds = new List<Dictionary<string, Measurement>>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var taken = new Dictionary<string, Measurement>();
            foreach (var name in options.Modes.Where(name => MakesSense(name, workload, callers)))
            {
                taken[name] = await TakeAsync(name, taken, workload, callers);
            }

            rounds.Add(taken);
        }

        return rounds;
    }

    // A session tells its flushes when it ends: they are counted over its whole life, warming up included.
    private async Task<Measurement> TakeAsync(string name, Dictionary<string, Measurement> taken, Workload workload, int callers)
    {
        await server.EndSessionsAsync();
        var before = await Measurement.SyncsAsync(server);
        Measurement measurement;
        await using (var mode = Mode(name, taken))
        {
            measurement = await Measurement.TakeAsync(mode, workload, callers, options.Seconds, server);
        }

        await server.EndSessionsAsync();
        return measurement with { Syncs = (await Measurement.SyncsAsync(server) - before) / measurement.AllDebits };
    }

    // The floor takes distinct tenants; one caller alone is about the quiet case.
    private static bool MakesSense(string mode, Workload workload, int callers) =>
        (mode != "floor" || (workload.Name == "spread" && callers > 1))
        && (callers > 1 || mode is "limit" or "baseline" or "field" or "orm" or "ours");

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
}
