using System.Diagnostics;
using System.Globalization;
using BillingPortal.Processes;

namespace BillingPortal.Benchmarks;

/// <summary>
/// Loads of a tenant's pages in Chromium with none and with many circuits open beside, the portal's memory per circuit and what it gives
/// back, and the cold start; the shipped portal as a process of its own with its jobs.
/// </summary>
internal sealed class PagesBenchmark(BenchmarkServer server, SandboxProcess sandbox, PagesBenchmarkOptions options)
{
    private const string Password = "bench-Passw0rd-for-pages";
    private const string Email = "owner@bench-1.example";
    private const int Tenants = 50;
    private const int Entries = 20_000;

    private static readonly (string Name, string Address)[] Pages =
    [
        ("Overview", "/"), ("Buy credits", "/buy"), ("Transactions", "/transactions"), ("Usage and spend", "/analytics"),
        ("Auto-recharge", "/auto-recharge"), ("SMS", "/sms"),
    ];

    private static readonly Dictionary<string, string> Quiet = new() { ["Logging__LogLevel__Default"] = "Error" };

    public async Task<int> RunAsync()
    {
        await DeskBenchmark.SeedAsync(server, Tenants, Entries, Password);
        var starts = await ColdStartsAsync();
        await using var portal = await PortalProcess.StartAsync(server.Connections.Owner, sandbox.Address, Quiet);
        // The measured page has a browser of its own: with the herd's it would share the one renderer, and wait for that.
        await using var herd = await TabHerd.SignInAsync(portal.Address, Email, Password);
        await using var one = await TabHerd.SignInAsync(portal.Address, Email, Password);
        var alone = await LoadAllAsync(one);
        await one.CloseAsync();
        await herd.CloseAsync();
        List<(string When, double Resident, double Heap)> memory = [await MemoryAsync(portal, "no circuit")];
        var few = Math.Min(50, options.Circuits);
        await herd.OpenAsync("/", few);
        memory.Add(await MemoryAsync(portal, $"{few} circuits"));
        await herd.OpenAsync("/", options.Circuits);
        memory.Add(await MemoryAsync(portal, $"{options.Circuits} circuits"));
        var crowded = await LoadAllAsync(one);
        await one.CloseAsync();
        await herd.CloseAsync();
        memory.Add(await MemoryAsync(portal, "all closed again"));
        Report(starts, alone, crowded, memory);
        return 0;
    }

    private async Task<List<PageLoad>> LoadAllAsync(TabHerd herd)
    {
        List<PageLoad> loads = [];
        foreach (var (name, address) in Pages)
        {
            List<(double FirstByte, double Ready)> times = [];
            for (var load = -3; load < options.Loads; load++) // the first warm caches and tiered code
            {
                var time = await herd.LoadAsync(address);
                if (load >= 0)
                {
                    times.Add(time);
                }
            }

            loads.Add(new PageLoad(name, new Spread(times.Select(time => time.FirstByte)), new Spread(times.Select(time => time.Ready))));
        }

        return loads;
    }

    private async Task<(Spread Ready, Spread FirstPage)> ColdStartsAsync()
    {
        List<double> ready = [], firstPage = [];
        for (var start = 0; start < options.Starts; start++)
        {
            var clock = Stopwatch.StartNew();
            await using var portal = PortalProcess.Launch(server.Connections.Owner, sandbox.Address, Quiet);
            await portal.WaitUntilReadyAsync();
            ready.Add(clock.Elapsed.TotalMilliseconds);
            using var client = new HttpClient { BaseAddress = portal.Address };
            await client.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
            firstPage.Add(clock.Elapsed.TotalMilliseconds);
        }

        return (new Spread(ready), new Spread(firstPage));
    }

    // Resident: what the machine sees. Heap: what is alive after a full collection, from the portal's own /metrics.
    private static async Task<(string When, double Resident, double Heap)> MemoryAsync(PortalProcess portal, string when)
    {
        await Task.Delay(TimeSpan.FromSeconds(5)); // goodbyes, timers, disposed circuits
        await FullCollection.ForceAsync(portal.Process.Id);
        var resident = File.ReadLines($"/proc/{portal.Process.Id}/status")
            .First(line => line.StartsWith("VmRSS", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = portal.Address };
        using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative));
        var text = answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : "";
        var heap = text.Split('\n').Where(line => line.StartsWith("dotnet_gc_last_collection_heap_size", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        return (when, double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024,
            heap / 1024 / 1024);
    }

    private void Report(
        (Spread Ready, Spread FirstPage) starts, List<PageLoad> alone, List<PageLoad> crowded,
        List<(string When, double Resident, double Heap)> memory)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {options.Loads} loads of each page, milliseconds, p50 / p95\n");
        var beside = $"beside {options.Circuits} circuits";
        Console.WriteLine($"| page | first byte | circuit ready | first byte, {beside} | ready, {beside} |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (one, other) in alone.Zip(crowded))
        {
            Console.WriteLine($"| {one.Name} | {one.FirstByte} | {one.Ready} | {other.FirstByte} | {other.Ready} |");
        }

        Console.WriteLine("\n| after a full collection | resident, MB | live heap, MB |\n| --- | --- | --- |");
        memory.ForEach(state => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {state.When} | {state.Resident:0} | {(state.Heap > 0 ? $"{state.Heap:0.0}" : "–")} |")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| per circuit | {(memory[2].Resident - memory[0].Resident) * 1024 / options.Circuits:0} KB "
            + $"| {(memory[2].Heap > 0 ? $"{(memory[2].Heap - memory[0].Heap) * 1024 / options.Circuits:0} KB" : "–")} |"));
        Console.WriteLine($"\n| cold start, {options.Starts} times | p50 / p95, ms |\n| --- | --- |");
        Console.WriteLine($"| process to ready | {starts.Ready} |\n| process to first page | {starts.FirstPage} |");
    }

    /// <summary>Middle and slow end of some times, as they stand in a table.</summary>
    private sealed class Spread(IEnumerable<double> times)
    {
        private readonly double[] _sorted = [.. times.Order()];

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{_sorted[_sorted.Length / 2]:0} / {_sorted[(int)Math.Ceiling(_sorted.Length * 0.95) - 1]:0}");
    }

    private sealed record PageLoad(string Name, Spread FirstByte, Spread Ready);
}
