using System.Diagnostics;
using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BillingPortal.Benchmarks;

/// <summary>
/// The rent job on a durable server, month after month: the shipped batches against the same code with one transaction per
/// number, in turns, by numbers a minute. Proves the books and the periods afterwards.
/// </summary>
internal sealed class RentBenchmark(BenchmarkServer server, RentBenchmarkOptions options)
{
    private readonly MonthClock _clock = new();

    /// <summary>The process's exit code: 0 when every period was charged once and the books are proven.</summary>
    public async Task<int> RunAsync()
    {
        await OwnAsync(options.Numbers, anchorDay: 2);
        await OwnAsync(options.Singles, anchorDay: 1);
        await server.ExecuteAsync("VACUUM (ANALYZE) phone_numbers");
        using var batches = Process(new PhoneNumberOptions().BatchNumbers);
        using var singles = Process(1);
        Console.WriteLine($"PostgreSQL {await server.ScalarAsync<string>("SHOW server_version")}, {Environment.ProcessorCount} cores, "
            + $"{options.Tenants:N0} tenants, {options.Numbers:N0} numbers, {options.Rounds} rounds, durable commits");
        List<(double Batches, double Singles)> rounds = [];
        for (var month = 0; month <= options.Rounds; month++)
        {
            var single = await MeasureAsync(singles, month, day: 1, options.Singles);
            var batch = await MeasureAsync(batches, month, day: 2, options.Numbers);
            if (month > 0) // the first month warms connections, plans and tiered code
            {
                rounds.Add((batch, single));
            }
        }

        Report(rounds);
        return await ProveAsync();
    }

    private static void Report(List<(double Batches, double Singles)> rounds)
    {
        Console.WriteLine("\n| | numbers a minute, median (range) | ratio |\n| --- | --- | --- |");
        Console.WriteLine($"| one transaction per number | {new Spread(rounds.Select(round => round.Singles)).ToText()} | 1 |");
        Console.WriteLine($"| batches, as shipped | {new Spread(rounds.Select(round => round.Batches)).ToText()} "
            + $"| {new Spread(rounds.Select(round => round.Batches / round.Singles)).ToText("N1")} |");
    }

    private async Task<double> MeasureAsync(IHost process, int month, int day, int numbers)
    {
        _clock.Now = MonthClock.Start.AddMonths(month).AddDays(day - 1).AddHours(2);
        var started = Stopwatch.GetTimestamp();
        var run = await process.Services.GetRequiredService<RentService>().RunAsync();
        var minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        return run.Billed == numbers ? numbers / minutes
            : throw new InvalidOperationException($"The job billed {run.Billed} of {numbers} numbers: {run}");
    }

    private async Task<int> ProveAsync()
    {
        var wrong = await server.ScalarAsync<long>(
            """
            SELECT count(*) FROM (
              SELECT number_id, count(*) AS periods, count(DISTINCT period_start) AS starts, count(entry_seq) AS entries
              FROM number_rents GROUP BY number_id) AS n
            WHERE periods <> (SELECT count(DISTINCT date_trunc('month', period_start)) FROM number_rents)
               OR starts <> periods OR entries <> periods
            """);
        var audit = await new LedgerAudit(server.Database, _clock).RunAsync(full: true);
        Console.WriteLine($"\nperiods wrong: {wrong}; audit: {audit.Entries:N0} entries, {audit.Violations.Count} violations");
        return wrong == 0 && audit.IsClean ? 0 : 1;
    }

    private async Task OwnAsync(int count, int anchorDay)
    {
        await using var insert = server.Owner.CreateCommand(
            """
            INSERT INTO phone_numbers (id, tenant_id, number, country, provider_sid, state, unit, anchor_day, next_billing_date,
                                       created_at, acquired_at, set_up_e4)
            SELECT md5('number' || $3 || '.' || n)::uuid, t.id, '+1' || $3 + 2 || lpad(n::text, 9, '0'), 'US',
                   'PN' || md5($3 || '.' || n), 'active', 'credits', $3, $4 + ($3 - 1) * interval '1 day', $4, $4, 0
            FROM generate_series(0, $2 - 1) AS n
            JOIN unnest($1) WITH ORDINALITY AS t (id, place) ON t.place = 1 + n % cardinality($1)
            """);
        insert.Parameters.Add(new() { Value = server.Tenants });
        insert.Parameters.Add(new() { Value = count });
        insert.Parameters.Add(new() { Value = anchorDay });
        insert.Parameters.Add(new() { Value = MonthClock.Start });
        await insert.ExecuteNonQueryAsync();
    }

    // The job's services as the portal composes them, without its background work.
    private IHost Process(int batchNumbers)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["App:PublicUrl"] = "http://127.0.0.1",
            ["PhoneNumbers:BatchNumbers"] = $"{batchNumbers}",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section);
        builder.Services.AddData(server.Connections);
        builder.Services.AddOutbox(builder.Configuration);
        builder.Services.AddLedger(builder.Configuration);
        builder.Services.AddTenants(builder.Configuration);
        builder.Services.AddPricing(builder.Configuration);
        builder.Services.AddTenantEvents();
        builder.Services.AddAlerts(builder.Configuration);
        builder.Services.AddPhoneNumbers(builder.Configuration);
        return builder.Build();
    }
}
