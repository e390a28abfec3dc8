using BillingPortal.Benchmarks;

// usage: dotnet run -c Release --project BillingPortal.Benchmarks -- ledger [--rounds 5] [--seconds 2] [--tenants 100000]
//        [--workloads spread,zipf,hot] [--callers 1,64,256,1024] [--modes limit,baseline,field,orm,ours,ours-text-keys,floor]
//        [--connection "Host=…"]   a server of yours, owner's connection; without it one is started and thrown away
if (args is not ["ledger", ..])
{
    Console.Error.WriteLine(
        "usage: ledger [--rounds n] [--seconds n] [--tenants n] [--workloads …] [--callers …] [--modes …] [--connection …]");
    return 1;
}

var options = LedgerBenchmarkOptions.Parse(args[1..]);
await using var server = await BenchmarkServer.StartAsync(options);
return await new LedgerBenchmark(server, options).RunAsync();
