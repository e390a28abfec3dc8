using BillingPortal.Benchmarks;
using BillingPortal.Processes;
using BillingPortal.Processes.Restore;

// usage: dotnet run -c Release --project BillingPortal.Benchmarks -- <benchmark> [options]
//   ledger     [--rounds 7] [--seconds 1] [--tenants 100000] [--workloads spread,zipf,hot] [--callers 256,1]   also: 64,1024
//              [--modes limit,baseline,field,orm,ours,ours-text-keys,floor]
//   messaging  [--rounds 5] [--seconds 4] [--tenants 50,1] [--callers 32] [--modes provider,books,sends,whole]
//   rent       [--rounds 3] [--numbers 100000] [--singles 2000] [--tenants 100000]
//   settlement [--rounds 3] [--tenants 100000] [--singles 2000] [--uses 5]
//   recharge   [--rounds 5] [--tenants 10000,100000,1000000] [--singles 200] [--burst 1000]   0: without that part
//   webhooks   [--rounds 5] [--seconds 4] [--callers 32] [--tenants 500] [--repeat-every 10]
//   desk       [--tenants 100000] [--entries 5000000] [--requests 40] [--only "largest"]
//   pages      [--circuits 200] [--loads 20] [--starts 5]
//   restore    no benchmark but a drill: backup, loss, restore; also as build/restore-drill.sh
//   Each:      [--connection "Host=…"]   a server of yours, owner's connection; without it one is started and thrown away
switch (args)
{
    case ["ledger", ..]:
        var ledger = LedgerBenchmarkOptions.Parse(args[1..]);
        await using (var server = await BenchmarkServer.StartAsync(ledger))
        {
            return await new LedgerBenchmark(server, ledger).RunAsync();
        }

    case ["messaging", ..]:
        var messaging = MessagingBenchmarkOptions.Parse(args[1..]);
        var funded = new LedgerBenchmarkOptions { Tenants = messaging.Tenants.Max(), Connection = messaging.Connection };
        await using (var server = await BenchmarkServer.StartAsync(funded))
        await using (var sandbox = await SandboxProcess.StartAsync())
        {
            return await new MessagingBenchmark(server, sandbox, messaging).RunAsync();
        }

    case ["rent", ..]:
        var rent = RentBenchmarkOptions.Parse(args[1..]);
        var rented = new LedgerBenchmarkOptions { Tenants = rent.Tenants, Connection = rent.Connection };
        await using (var server = await BenchmarkServer.StartAsync(rented))
        {
            return await new RentBenchmark(server, rent).RunAsync();
        }

    case ["desk", ..]:
        var desk = DeskBenchmarkOptions.Parse(args[1..]);
        var unfunded = new LedgerBenchmarkOptions { Tenants = 0, Connection = desk.Connection };
        await using (var server = await BenchmarkServer.StartAsync(unfunded))
        await using (var sandbox = await SandboxProcess.StartAsync())
        {
            return await new DeskBenchmark(server, sandbox, desk).RunAsync();
        }

    case ["pages", ..]:
        var pages = PagesBenchmarkOptions.Parse(args[1..]);
        await using (var server = await BenchmarkServer.StartAsync(new LedgerBenchmarkOptions { Tenants = 0 }))
        await using (var sandbox = await SandboxProcess.StartAsync())
        {
            return await new PagesBenchmark(server, sandbox, pages).RunAsync();
        }

    case ["restore"]:
        var drill = await new RestoreDrill(new DrillOptions(), step => Console.Error.WriteLine($"  {step}")).RunAsync();
        Console.WriteLine(drill);
        return drill.IsGood ? 0 : 1;

    case ["settlement", ..]:
        var settlement = SettlementBenchmarkOptions.Parse(args[1..]);
        await using (var server = await BenchmarkServer.StartAsync(new() { Tenants = 0, Connection = settlement.Connection }))
        {
            return await new SettlementBenchmark(server, settlement).RunAsync();
        }

    case ["recharge", ..]:
        return await new RechargeBenchmark(RechargeBenchmarkOptions.Parse(args[1..])).RunAsync();

    case ["webhooks", ..]:
        var webhooks = WebhookBenchmarkOptions.Parse(args[1..]);
        await using (var server = await BenchmarkServer.StartAsync(new() { Tenants = 0, Connection = webhooks.Connection }))
        await using (var sandbox = await SandboxProcess.StartAsync(PortalSettings.NoWebhooks))
        {
            using var benchmark = new WebhookBenchmark(server, sandbox, webhooks);
            return await benchmark.RunAsync();
        }

    default:
        await Console.Error.WriteLineAsync("usage: ledger | messaging | rent | settlement | recharge | webhooks | desk | pages | restore "
            + "[--rounds n] [--seconds n] "
            + "[--tenants n] [--callers …] [--modes …] [--workloads …] [--numbers n] [--singles n] [--uses n] [--burst n] "
            + "[--entries n] [--requests n] [--only …] [--connection …]");
        return 1;
}
