using BillingPortal.Ledger;

namespace BillingPortal.Benchmarks;

/// <summary>
/// Auto-recharge: how the due tenants are found among many, how long a crossing takes to Stripe, and how long a thousand at once take
/// until they are charged and credited. Two servers, one after the other; the books of both are proven.
/// </summary>
internal sealed class RechargeBenchmark(RechargeBenchmarkOptions options)
{
    /// <summary>The process's exit code: 0 when both books are proven.</summary>
    public async Task<int> RunAsync()
    {
        var isClean = options.Tenants is [] || await ScanAsync();
        return isClean && (options.Singles + options.Burst == 0 || await CrossAsync()) ? 0 : 1;
    }

    private async Task<bool> ScanAsync()
    {
        await using var server = await StartAsync();
        var scan = new RechargeScan(server, options.Rounds);
        RechargeScan.Head();
        foreach (var tenants in options.Tenants.Order())
        {
            await scan.MeasureAsync(tenants);
        }

        return await AuditAsync(server);
    }

    private async Task<bool> CrossAsync()
    {
        await using var server = await StartAsync();
        await using var crossings = await RechargeCrossings.StartAsync(server, options);
        await crossings.MeasureAsync();
        return await AuditAsync(server);
    }

    private async Task<BenchmarkServer> StartAsync()
    {
        var server = await BenchmarkServer.StartAsync(new LedgerBenchmarkOptions { Tenants = 0, Connection = options.Connection });
        Console.WriteLine($"\nPostgreSQL {await server.ScalarAsync<string>("SHOW server_version")}, {Environment.ProcessorCount} cores, "
            + $"{options.Rounds} rounds, durable commits");
        return server;
    }

    private static async Task<bool> AuditAsync(BenchmarkServer server)
    {
        var report = await new LedgerAudit(server.Database, TimeProvider.System).RunAsync(full: true);
        Console.WriteLine($"\naudit: {report.Accounts:N0} accounts, {report.Entries:N0} entries, {report.Violations.Count} violations");
        return report.IsClean;
    }
}
