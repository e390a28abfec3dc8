using System.Diagnostics;
using System.Text.Json;
using BillingPortal.AutoRecharge;
using BillingPortal.Ledger;
using Npgsql;

namespace BillingPortal.Benchmarks;

/// <summary>
/// Who is due among many tenants: the sweep as shipped, the crossings' requests as shipped, and the join over all tenants as it is
/// usually written, in turns, at growing sizes of which one in a thousand is due.
/// </summary>
internal sealed class RechargeScan(BenchmarkServer server, int rounds)
{
    // As the field writes it: every tenant's rule against every tenant's balance.
    private const string Usual =
        """
        SELECT t.id, a.balance_e4, r.threshold_e4 FROM tenants t
        JOIN recharge_rules r ON r.tenant_id = t.id
        JOIN accounts a ON a.tenant_id = t.id AND a.unit = r.unit
        WHERE r.enabled AND a.balance_e4 - a.held_e4 < r.threshold_e4
        """;

    private static readonly string[] Ways = ["sweep", "requests", "join over all"];
    private readonly TimeProvider _clock = TimeProvider.System;
    private int _tenants;

    /// <summary>The finished table's rows for so many tenants; those that are missing are made first.</summary>
    public async Task MeasureAsync(int tenants)
    {
        await GrowAsync(tenants);
        var times = Ways.ToDictionary(way => way, _ => new List<double>());
        for (var round = -1; round < rounds; round++) // the first warms
        {
            await server.ExecuteAsync(
                "UPDATE recharge_requests SET is_below = true WHERE tenant_id IN (SELECT id FROM bench.recharges WHERE is_back)");
            foreach (var way in Ways)
            {
                var milliseconds = await TimeAsync(way, tenants / 1000);
                if (round >= 0)
                {
                    times[way].Add(milliseconds);
                }
            }
        }

        foreach (var way in Ways)
        {
            var (rows, pages, statements) = await ReadsAsync(way, tenants / 1000);
            var ratio = new Spread(times[Ways[^1]].Zip(times[way], (all, one) => all / one));
            Console.WriteLine(
                $"| {tenants:N0} | {tenants / 1000:N0} | {way} | {new Spread(times[way]).ToText("N1")} | {rows:N0} "
                + $"| {pages:N0} | {statements} | {(way == Ways[^1] ? "1" : ratio.ToText("N1"))} |");
        }
    }

    public static void Head() => Console.WriteLine(
        "\n| tenants | due | way | ms to find them all | rows read | pages | statements | join ÷ it |\n"
        + "| --- | --- | --- | --- | --- | --- | --- | --- |");

    private async Task<double> TimeAsync(string way, int due)
    {
        var started = Stopwatch.GetTimestamp();
        var found = way switch
        {
            "sweep" => (await new RechargeDue(server.Database, new RechargeRequests(_clock), _clock).TakeAsync(due * 2)).Count,
            "requests" => await LeaseAsync(due * 2),
            _ => await JoinAsync(),
        };
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return found == due ? milliseconds
            : throw new InvalidOperationException($"The {way} found {found} of {due} tenants.");
    }

    // Not committed: the next round finds the same.
    private async Task<int> LeaseAsync(int max)
    {
        await using var unit = await server.Database.BeginOpsAsync();
        return (await new RechargeRequests(_clock).LeaseAsync(unit, max, TimeSpan.FromSeconds(30))).Count;
    }

    private async Task<int> JoinAsync()
    {
        await using var unit = await server.Database.BeginOpsAsync();
        await using var command = unit.Command(Usual);
        await using var reader = await command.ExecuteReaderAsync();
        var found = 0;
        while (await reader.ReadAsync())
        {
            found++;
        }

        return found;
    }

    private async Task<(double Rows, double Pages, int Statements)> ReadsAsync(string way, int due)
    {
        string[] statements = way switch
        {
            "sweep" => [RechargeRequests.ForgetAbove, Filled(RechargeDue.Take, "now()", $"{due * 2}")],
            "requests" => [Filled(RechargeRequests.Lease, "now()", "now()", $"{due * 2}")],
            _ => [Usual],
        };
        var (rows, pages) = (0.0, 0.0);
        await server.ExecuteAsync(
            "UPDATE recharge_requests SET is_below = true WHERE tenant_id IN (SELECT id FROM bench.recharges WHERE is_back)");
        foreach (var statement in statements)
        {
            await using var unit = await server.Database.BeginOpsAsync();
            await using var command = unit.Command($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}");
            using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
            var root = plan.RootElement[0].GetProperty("Plan");
            rows += RowsOf(root);
            pages += root.GetProperty("Shared Hit Blocks").GetDouble() + root.GetProperty("Shared Read Blocks").GetDouble();
        }

        return (rows, pages, statements.Length);
    }

    private static string Filled(string sql, params string[] values) =>
        values.Index().Aggregate(sql, (text, value) => text.Replace($"${value.Index + 1}", value.Item, StringComparison.Ordinal));

    // What its scans looked at, the rows that they threw away included.
    private static double RowsOf(JsonElement node)
    {
        var loops = Number(node, "Actual Loops");
        var type = node.GetProperty("Node Type").GetString()!;
        var own = node.TryGetProperty("Relation Name", out _) && type.Contains("Scan", StringComparison.Ordinal)
            ? loops * (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter")
                + Number(node, "Rows Removed by Index Recheck"))
            : 0;
        return own + (node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().Sum(RowsOf) : 0);
    }

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;

    private async Task GrowAsync(int tenants)
    {
        if (tenants <= _tenants)
        {
            return;
        }

        foreach (var (_, sql) in await SeedScript.StepsAsync("recharge.sql", ("from", _tenants + 1), ("to", tenants)))
        {
            await server.ExecuteAsync(sql);
        }

        await server.ExecuteAsync("VACUUM (ANALYZE) tenants, accounts, entries, recharge_rules, recharge_requests");
        await server.ExecuteAsync("CHECKPOINT");
        _tenants = tenants;
    }
}
