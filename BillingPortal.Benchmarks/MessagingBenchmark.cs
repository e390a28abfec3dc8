using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Processes;
using BillingPortal.Providers.Sms;

namespace BillingPortal.Benchmarks;

/// <summary>
/// How many messages a second go out through the sandbox, each with its hold and its capture, and what bounds that: the
/// provider alone, the books alone, both, and both with the status callbacks applied. Proves the books afterwards.
/// </summary>
internal sealed class MessagingBenchmark(BenchmarkServer server, SandboxProcess sandbox, MessagingBenchmarkOptions options)
{
    /// <summary>The process's exit code: 0 when the books are proven.</summary>
    public async Task<int> RunAsync()
    {
        Console.WriteLine($"PostgreSQL {await server.ScalarAsync<string>("SHOW server_version")}, {Environment.ProcessorCount} cores, "
            + $"{options.Callers} callers, {options.Rounds} rounds of {options.Seconds} s per mode, durable commits");
        foreach (var tenants in options.Tenants)
        {
            await using var room = await MessagingRoom.StartAsync(server, sandbox, tenants);
            await WarmAsync(room);
            var rounds = new List<Dictionary<string, Sends>>();
            for (var round = 0; round < options.Rounds; round++)
            {
                var taken = new Dictionary<string, Sends>();
                foreach (var mode in options.Modes)
                {
                    taken[mode] = await MeasureAsync(room, mode);
                }

                rounds.Add(taken);
            }

            Report(tenants, rounds);
        }

        return await AuditAsync();
    }

    // By count, not by time: tiered code and the plans of every connection settle after so many calls.
    private async Task WarmAsync(MessagingRoom room)
    {
        room.AppliesNews = true;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, options.WarmSends), new ParallelOptions { MaxDegreeOfParallelism = options.Callers },
            async (_, _) => await SendOneAsync(room, "whole"));
    }

    private async Task<Sends> MeasureAsync(MessagingRoom room, string mode)
    {
        room.AppliesNews = mode == "whole";
        await SendAsync(room, mode, Math.Min(0.5, options.Seconds / 4));
        var syncs = await SyncsAsync();
        var cpu = CpuClock.Read(sandbox.Process.Id, server.ProcessId);
        var clock = Stopwatch.StartNew();
        var latencies = await SendAsync(room, mode, options.Seconds);
        var elapsed = clock.Elapsed.TotalSeconds;
        cpu = CpuClock.Read(sandbox.Process.Id, server.ProcessId) - cpu;
        syncs = await SyncsAsync() - syncs;
        latencies.Sort();
        var count = latencies.Count;
        return new Sends(
            count / elapsed, Ms(latencies, 0.5), Ms(latencies, 0.99), Micros(cpu.Own, count), Micros(cpu.Other, count),
            Micros(cpu.Postgres, count), syncs / (double)count);
    }

    private async Task<List<long>> SendAsync(MessagingRoom room, string mode, double seconds)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, options.Callers).Select(_ => Task.Run(async () =>
        {
            var latencies = new List<long>(1024);
            for (var now = Stopwatch.GetTimestamp(); now < end;)
            {
                await SendOneAsync(room, mode);
                var done = Stopwatch.GetTimestamp();
                latencies.Add(done - now);
                now = done;
            }

            return latencies;
        })));
        return [.. all.SelectMany(latencies => latencies)];
    }

    private static async Task SendOneAsync(MessagingRoom room, string mode)
    {
        var (tenantId, number, wish) = room.Next();
        switch (mode)
        {
            case "provider":
                var callback = new Uri(room.CallbackAddress, $"/?message={Ids.New()}");
                var answer = await room.Twilio.SendAsync(new OutgoingSms(number, wish.To!, wish.Message!, callback));
                Require(answer.Message is not null, answer.Refusal);
                break;
            case "books":
                var (message, refused) = await room.Sms.RecordAsync(
                    tenantId, Unit.Credits, wish, Ids.New().ToString(), CancellationToken.None);
                Require(message is not null, refused?.Refusal);
                await room.Sms.FinishAsync(message!, Taken(message!));
                break;
            case "sends" or "whole":
                var sent = await room.Sms.SendAsync(tenantId, Unit.Credits, wish, Ids.New().ToString());
                Require(sent.IsSent, sent.Refusal);
                break;
            default:
                throw new ArgumentException($"{mode} is not a mode.");
        }
    }

    private static SmsVerdict Taken(SmsMessage message) => new(
        new SmsReport(
            $"SM{Ids.New():N}", SmsStatus.Queued, message.From, message.To, message.Body, 1, null, null, message.CreatedAt, null),
        null, null);

    private static void Require(bool holds, object? reason)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"A message was not sent: {reason}");
        }
    }

    private void Report(int tenants, List<Dictionary<string, Sends>> rounds)
    {
        Console.WriteLine($"\n{tenants} {(tenants == 1 ? "tenant" : "tenants")}");
        Console.WriteLine("mode        sends/s (range)          p50 ms   p99 ms   fsyncs   CPU µs a send: portal  sandbox  "
            + "PostgreSQL   all cores full at");
        foreach (var mode in options.Modes)
        {
            var all = rounds.Select(round => round[mode]).ToList();
            var rates = all.Select(one => one.PerSecond).Order().ToList();
            double Of(Func<Sends, double> figure) => all.Select(figure).Order().ElementAt(all.Count / 2);
            var cpu = Of(one => one.PortalMicros) + Of(one => one.SandboxMicros) + Of(one => one.PostgresMicros);
            Console.WriteLine(
                $"{mode,-10} {rates[rates.Count / 2],8:N0} ({rates[0]:N0}–{rates[^1]:N0}) {Of(one => one.P50Ms),14:0.0} "
                + $"{Of(one => one.P99Ms),8:0.0} "
                + $"{Of(one => one.Syncs),8:0.00} {Of(one => one.PortalMicros),22:0} {Of(one => one.SandboxMicros),8:0} "
                + $"{Of(one => one.PostgresMicros),11:0} {1e6 * Environment.ProcessorCount / cpu,14:N0}/s");
        }
    }

    private async Task<int> AuditAsync()
    {
        var open = await server.ScalarAsync<long>("SELECT count(*) FROM holds WHERE state = 'open'");
        var report = await new LedgerAudit(server.Database, TimeProvider.System).RunAsync(full: true);
        Console.WriteLine($"\naudit: {report.Entries:N0} entries, {open} open holds, {report.Violations.Count} violations");
        return report.IsClean && open == 0 ? 0 : 1;
    }

    private async Task<long> SyncsAsync()
    {
        await server.ScalarAsync<object>("SELECT pg_stat_force_next_flush()");
        return string.CompareOrdinal(await server.ScalarAsync<string>("SHOW server_version_num"), "180000") < 0
            ? await server.ScalarAsync<long>("SELECT wal_sync FROM pg_stat_wal")
            : (long)await server.ScalarAsync<decimal>("SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'");
    }

    private static double Ms(List<long> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[(int)((sorted.Count - 1) * share)] * 1_000.0 / Stopwatch.Frequency;

    private static double Micros(double seconds, int count) => seconds * 1e6 / count;

    private sealed record Sends(
        double PerSecond, double P50Ms, double P99Ms, double PortalMicros, double SandboxMicros, double PostgresMicros,
        double Syncs);
}
