using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Benchmarks;

/// <summary>
/// The monthly settlement on a durable server: the shipped batches of all tenants against the same code with one transaction per tenant,
/// in turns, by tenants a minute. Proves the months and the books afterwards.
/// </summary>
internal sealed class SettlementBenchmark(BenchmarkServer server, SettlementBenchmarkOptions options)
{
    private readonly MonthClock _clock = new();
    private readonly Guid[] _tenants = [.. Enumerable.Range(0, options.Tenants).Select(_ => Ids.New())];

    /// <summary>The process's exit code: 0 when every month was settled once and the books are proven.</summary>
    public async Task<int> RunAsync()
    {
        await server.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS bench; "
            + "CREATE TABLE bench.months (tenant_id uuid, hold_id uuid, month text)");
        await using var ledger = new LedgerWriter(server.Database, _clock);
        var batches = new SettlementService(server.Database, ledger, _clock, NullLogger<SettlementService>.Instance);
        var singles = new SettlementService(server.Database, ledger, _clock, NullLogger<SettlementService>.Instance)
        {
            TenantsPerBatch = 1,
        };
        Console.WriteLine($"PostgreSQL {await server.ScalarAsync<string>("SHOW server_version")}, {Environment.ProcessorCount} cores, "
            + $"{options.Tenants:N0} tenants with {options.Uses} uses in a month, {options.Rounds} rounds, durable commits");
        var (single, batch) = (new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            var one = await MeasureAsync(singles, 2 * round, _tenants[..Math.Min(options.Singles, _tenants.Length)]);
            // The first warms connections, plans and tiered code, and needs not be large.
            var many = await MeasureAsync(batches, (2 * round) + 1, round == 0 ? _tenants[..Math.Min(5_000, _tenants.Length)] : _tenants);
            if (round > 0)
            {
                single.Add(one);
                batch.Add(many);
            }
        }

        Console.WriteLine("\n| | tenants a minute, median (range) | ratio |\n| --- | --- | --- |");
        Console.WriteLine($"| one transaction per tenant | {new Spread(single).ToText()} | 1 |");
        Console.WriteLine($"| batches, as shipped | {new Spread(batch).ToText()} | "
            + $"{new Spread(batch.Zip(single, (many, one) => many / one)).ToText("N1")} |");
        return await ProveAsync();
    }

    private async Task<double> MeasureAsync(SettlementService settlement, int month, Guid[] tenants)
    {
        var settled = new BillingMonth(DateOnly.FromDateTime(MonthClock.Start.UtcDateTime).AddMonths(month));
        await ReserveAsync(settled, tenants);
        _clock.Now = settled.SettlesAt;
        var started = Stopwatch.GetTimestamp();
        var run = await settlement.RunAsync();
        var minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        return run == new SettlementRun(tenants.Length, 0, 0) ? tenants.Length / minutes
            : throw new InvalidOperationException($"The job should have settled {tenants.Length} tenants: {run}");
    }

    private async Task ReserveAsync(BillingMonth month, Guid[] tenants)
    {
        await server.ExecuteAsync("TRUNCATE bench.months");
        await using (var insert = server.Owner.CreateCommand(
            "INSERT INTO bench.months SELECT tenant_id, hold_id, $3 FROM unnest($1, $2) AS m (tenant_id, hold_id)"))
        {
            insert.Parameters.Add(new() { Value = tenants });
            insert.Parameters.Add(new() { Value = tenants.Select(month.HoldIdOf).ToArray() });
            insert.Parameters.Add(new() { Value = month.Code });
            await insert.ExecuteNonQueryAsync();
        }

        foreach (var (_, sql) in await SeedScript.StepsAsync("settlement.sql", ("uses", options.Uses)))
        {
            await server.ExecuteAsync(sql);
        }

        await server.ExecuteAsync("VACUUM (ANALYZE) accounts, holds, hold_extensions");
    }

    private async Task<int> ProveAsync()
    {
        var wrong = await server.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM holds AS h
            LEFT JOIN monthly_billings AS b ON b.tenant_id = h.tenant_id AND b.hold_id = h.id
            LEFT JOIN entries AS e ON e.tenant_id = b.tenant_id AND e.unit = 'usd' AND e.seq = b.entry_seq
            WHERE h.state <> 'captured' OR b.events <> {options.Uses} OR b.amount_e4 <> h.amount_e4 OR e.amount_e4 <> -h.amount_e4
               OR e.seq IS NULL
            """);
        var audit = await new LedgerAudit(server.Database, _clock).RunAsync(full: true);
        Console.WriteLine($"\nmonths wrong: {wrong}; audit: {audit.Entries:N0} entries, {audit.Violations.Count} violations");
        return wrong == 0 && audit.IsClean ? 0 : 1;
    }
}
