using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Processes;

namespace BillingPortal.Benchmarks;

/// <summary>
/// From the acknowledged debit that crosses the threshold to the charge's arrival at Stripe, one by one; then many at once until all are
/// charged and credited. The shipped portal and the sandbox are processes of their own; the debits come from this one.
/// </summary>
internal sealed class RechargeCrossings : IAsyncDisposable
{
    private const int Warm = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly BenchmarkServer _server;
    private readonly RechargeBenchmarkOptions _options;
    private readonly LedgerWriter _ledger;
    private readonly SandboxProcess _sandbox;
    private readonly StripeDoor _door;
    private readonly PortalProcess _portal;
    private readonly PayingTenant[] _tenants;

    private RechargeCrossings(
        BenchmarkServer server, RechargeBenchmarkOptions options, SandboxProcess sandbox, StripeDoor door, PortalProcess portal,
        PayingTenant[] tenants)
    {
        (_server, _options, _sandbox, _door, _portal, _tenants) = (server, options, sandbox, door, portal, tenants);
        _ledger = new LedgerWriter(server.Database, TimeProvider.System);
    }

    public static async Task<RechargeCrossings> StartAsync(BenchmarkServer server, RechargeBenchmarkOptions options)
    {
        var port = Programs.FreePort();
        var sandbox = await SandboxProcess.StartAsync(
            new Dictionary<string, string> { ["Sandbox__PortalUrl"] = $"http://127.0.0.1:{port}" });
        var door = await StripeDoor.OpenAsync(sandbox.Address);
        var tenants = await PayingTenants.SeedAsync(server, sandbox.Address, Warm + options.Singles + options.Burst);
        var portal = await PortalProcess.StartAsync(server.Connections.Owner, door.Address, PortalSettings.Quiet, port);
        return new RechargeCrossings(server, options, sandbox, door, portal, tenants);
    }

    public async Task MeasureAsync()
    {
        var singles = await SinglesAsync();
        Console.WriteLine("\n| crossings | p50 | p99 |\n| --- | --- | --- |");
        Line("debit acknowledged → charge at Stripe, ms", singles.Arrived);
        Line("debit acknowledged → credits in the account, ms", singles.Credited);
        if (_options.Burst == 0)
        {
            return;
        }

        var cpu = CpuClock.Read(_portal.Process.Id, _server.ProcessId);
        var (arrived, seconds) = await BurstAsync();
        cpu = CpuClock.Read(_portal.Process.Id, _server.ProcessId) - cpu;
        Line($"{_options.Burst:N0} at once → each charge at Stripe, ms", arrived);
        Console.WriteLine($"\n{_options.Burst:N0} tenants crossed at once: all charged and credited after {seconds:0.0} s, "
            + $"{_options.Burst / seconds:N0} a second; processor time a recharge: portal {1000 * cpu.Other / _options.Burst:0.0} ms, "
            + $"PostgreSQL {1000 * cpu.Postgres / _options.Burst:0.0} ms");
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _door.DisposeAsync();
        await _sandbox.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    private static void Line(string name, Spread times) =>
        Console.WriteLine($"| {name} ({times.Count:N0}) | {times.Median:N0} | {times.At(0.99):N0} |");

    private async Task<(Spread Arrived, Spread Credited)> SinglesAsync()
    {
        var (arrived, credited) = (new List<long>(), new List<long>());
        foreach (var (index, tenant) in _tenants[..(Warm + _options.Singles)].Index())
        {
            await _ledger.PostAsync(Debit(tenant));
            var acknowledged = Stopwatch.GetTimestamp();
            var arrival = await _door.ArrivalAsync(tenant.CustomerId).WaitAsync(Patience);
            await CreditedAsync([tenant.Id]);
            if (index >= Warm)
            {
                arrived.Add(arrival - acknowledged);
                credited.Add(Stopwatch.GetTimestamp() - acknowledged);
            }
        }

        return (Spread.OfTicks(arrived), Spread.OfTicks(credited));
    }

    private async Task<(Spread Arrived, double Seconds)> BurstAsync()
    {
        var tenants = _tenants[^_options.Burst..];
        await _ledger.PostAsync([.. tenants.Select(Debit)]);
        var acknowledged = Stopwatch.GetTimestamp();
        var arrivals = await Task.WhenAll(tenants.Select(tenant => _door.ArrivalAsync(tenant.CustomerId))).WaitAsync(Patience);
        await CreditedAsync([.. tenants.Select(tenant => tenant.Id)]);
        return (Spread.OfTicks(arrivals.Select(arrival => arrival - acknowledged)), Stopwatch.GetElapsedTime(acknowledged).TotalSeconds);
    }

    // 90 after the debit, 250 bought and 20 given.
    private async Task CreditedAsync(Guid[] tenants)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(tenants.Length == 1 ? 1 : 50))
        {
            await using var command = _server.Owner.CreateCommand(
                "SELECT count(*) FROM accounts WHERE tenant_id = ANY ($1) AND unit = 'credits' AND balance_e4 >= 3400000");
            command.Parameters.Add(new() { Value = tenants });
            if (await command.ExecuteScalarAsync() is long credited && credited == tenants.Length)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Not all of {tenants.Length} tenants were credited:{Environment.NewLine}{_portal.Output}");
            }
        }
    }

    private static Posting Debit(PayingTenant tenant) => new()
    {
        TenantId = tenant.Id,
        Operation = LedgerOperation.Debit,
        Amount = Amount.Credits(60),
        Kind = EntryKind.Usage,
        Counter = CounterAccount.SmsRevenue,
        Key = Ids.New(),
        CauseType = "benchmark",
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };
}
