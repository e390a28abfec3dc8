using System.Diagnostics;
using BillingPortal.Ledger;
using BillingPortal.Processes;

namespace BillingPortal.Benchmarks;

/// <summary>
/// How fast webhooks are taken and worked off: signed calls to the shipped portal over HTTP, with repeats among them, in turns with an
/// address that does nothing. Proves that every event was taken once and handled, and the books.
/// </summary>
internal sealed class WebhookBenchmark(BenchmarkServer server, SandboxProcess sandbox, WebhookBenchmarkOptions options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = options.Callers });
    private PortalProcess? _portal;

    /// <summary>The process's exit code: 0 when every event was handled once and the books are proven.</summary>
    public async Task<int> RunAsync()
    {
        var tenants = await PayingTenants.SeedAsync(server, sandbox.Address, options.Tenants);
        await using var portal = await PortalProcess.StartAsync(server.Connections.Owner, sandbox.Address, new Dictionary<string, string>(
            PortalSettings.Quiet)
        { ["Http__ProviderRequestsPerMinute"] = "100000000" });
        _portal = portal;
        var calls = new WebhookCalls(portal.Address, tenants, options.RepeatEvery);
        Console.WriteLine($"PostgreSQL {await server.ScalarAsync<string>("SHOW server_version")}, {Environment.ProcessorCount} cores, "
            + $"{options.Callers} callers, {options.Rounds} rounds of {options.Seconds} s, one call of {options.RepeatEvery} a repeat, "
            + "durable commits");
        var rounds = WebhookCalls.Modes.ToDictionary(mode => mode, _ => new List<Intake>());
        for (var round = -1; round < options.Rounds; round++) // the first warms
        {
            foreach (var mode in WebhookCalls.Modes)
            {
                var taken = await MeasureAsync(calls, mode);
                if (round >= 0)
                {
                    rounds[mode].Add(taken);
                }
            }
        }

        Report(rounds);
        return await ProveAsync();
    }

    public void Dispose() => _http.Dispose();

    private static void Report(Dictionary<string, List<Intake>> rounds)
    {
        Console.WriteLine("\n| calls | answered a second | p50 ms | p99 ms | handled a second, intake included "
            + "| CPU µs a call: callers | portal | PostgreSQL | share of nothing |\n"
            + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (mode, all) in rounds)
        {
            Spread Of(Func<Intake, double> figure) => new(all.Select(figure));
            var share = new Spread(
                all.Zip(rounds[WebhookCalls.Nothing], (one, nothing) => one.PerSecond / nothing.PerSecond));
            Console.WriteLine($"| {mode} | {Of(one => one.PerSecond).ToText()} | {Of(one => one.P50).Median:N1} "
                + $"| {Of(one => one.P99).Median:N1} "
                + $"| {(mode == WebhookCalls.Nothing ? "–" : Of(one => one.HandledPerSecond).ToText())} "
                + $"| {Of(one => one.CallerMicros).Median:N0} | {Of(one => one.PortalMicros).Median:N0} "
                + $"| {Of(one => one.PostgresMicros).Median:N0} | {share.ToText("N2")} |");
        }
    }

    // The processor time is that of the intake, with whatever is worked off beside it.
    private async Task<Intake> MeasureAsync(WebhookCalls calls, string mode)
    {
        var known = await CountAsync("true");
        var cpu = CpuClock.Read(_portal!.Process.Id, server.ProcessId);
        var clock = Stopwatch.StartNew();
        var latencies = await SendAsync(calls, mode);
        var seconds = clock.Elapsed.TotalSeconds;
        cpu = CpuClock.Read(_portal.Process.Id, server.ProcessId) - cpu;
        await HandledAsync();
        var handled = await CountAsync("true") - known;
        var times = Spread.OfTicks(latencies);
        var count = latencies.Count;
        return new Intake(
            count / seconds, times.Median, times.At(0.99), handled / clock.Elapsed.TotalSeconds, 1e6 * cpu.Own / count,
            1e6 * cpu.Other / count, 1e6 * cpu.Postgres / count);
    }

    private async Task<List<long>> SendAsync(WebhookCalls calls, string mode)
    {
        var end = Stopwatch.GetTimestamp() + (long)(options.Seconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, options.Callers).Select(_ => Task.Run(async () =>
        {
            var latencies = new List<long>(1024);
            while (Stopwatch.GetTimestamp() < end)
            {
                using var request = calls.Next(mode);
                var sent = Stopwatch.GetTimestamp();
                using var answer = await _http.SendAsync(request);
                latencies.Add(Stopwatch.GetTimestamp() - sent);
                answer.EnsureSuccessStatusCode();
            }

            return latencies;
        })));
        return [.. all.SelectMany(latencies => latencies)];
    }

    private async Task HandledAsync()
    {
        for (var started = Stopwatch.GetTimestamp(); await CountAsync("state = 'pending'") > 0; await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Events were not handled:{Environment.NewLine}{_portal!.Output}");
            }
        }
    }

    private Task<long> CountAsync(string what) => server.ScalarAsync<long>($"SELECT count(*) FROM webhook_events WHERE {what}");

    private async Task<int> ProveAsync()
    {
        var wrong = await CountAsync("state NOT IN ('handled', 'ignored') OR attempts <> 1");
        var unhandled = await CountAsync("provider = 'stripe' AND state <> 'handled'");
        var audit = await new LedgerAudit(server.Database, TimeProvider.System).RunAsync(full: true);
        Console.WriteLine($"\n{await CountAsync("true"):N0} events, {wrong + unhandled} not handled at the first try; "
            + $"audit: {audit.Entries:N0} entries, {audit.Violations.Count} violations");
        return wrong + unhandled == 0 && audit.IsClean ? 0 : 1;
    }

    private sealed record Intake(
        double PerSecond, double P50, double P99, double HandledPerSecond, double CallerMicros, double PortalMicros,
        double PostgresMicros);
}
