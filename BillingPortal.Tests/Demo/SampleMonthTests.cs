using System.Text.Json;
using BillingPortal.Demo;
using BillingPortal.Kernel;
using BillingPortal.Tests.House;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Demo;

/// <summary>The shipped month: large enough, the generator's own work, and within what the rule of the tour can keep up with.</summary>
public sealed class SampleMonthTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const decimal Threshold = 100;
    private const decimal Buys = 250;
    private const decimal Bonus = 20;
    private const int AttemptsPerDay = 5;
    private static readonly TimeSpan Cooldown = TimeSpan.FromHours(1);
    private static readonly string Path = System.IO.Path.Combine(SourceTree.Root, "samples", "acme-month.jsonl");

    // UPDATE_SAMPLES=1 writes the file anew.
    [Fact]
    public async Task The_shipped_file_is_what_the_generator_writes()
    {
        var lines = SampleMonth.Lines(SampleMonth.Shipped).ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_SAMPLES") == "1")
        {
            await File.WriteAllTextAsync(Path, string.Join('\n', lines) + "\n");
        }

        Assert.Equal(lines, await File.ReadAllLinesAsync(Path));
    }

    [Fact]
    public async Task It_has_twenty_thousand_events_of_three_services_and_more_in_one_month_in_order()
    {
        var events = await ReadAsync();

        Assert.True(events.Count >= 20_000, $"{events.Count} events");
        Assert.Superset(new HashSet<string> { "voice", "sms_outbound", "email" }, events.Select(e => e.Event.Service).ToHashSet());
        Assert.Equal(events.Count, events.Select(e => e.Event.ReferenceId).Distinct().Count());
        Assert.All(events, e => Assert.Equal((2026, 12), (e.At.Year, e.At.Month)));
        Assert.Equal(events.Select(e => e.At).Order(), events.Select(e => e.At));
        Assert.InRange(events.Sum(e => e.Cost) / 31, 850, 950);
        Assert.All(Enumerable.Range(1, 31), day => Assert.Contains(events, e => e.At.Day == day));
    }

    // The spike brake looks at the usage of the last hour; below 250 it never has a reason.
    [Fact]
    public async Task No_hour_takes_as_much_as_one_recharge_brings()
    {
        var events = await ReadAsync();
        var (first, sum) = (0, 0m);
        foreach (var one in events)
        {
            sum += one.Cost;
            while (one.At - events[first].At >= TimeSpan.FromHours(1))
            {
                sum -= events[first++].Cost;
            }

            Assert.True(sum < Buys, $"the hour before {one.At:O} takes {sum}");
        }
    }

    // Below 100 buy 250 (and 20 on top), one attempt an hour, five a day; a sweep every 15 minutes for what crossed in the cooldown.
    [Fact]
    public async Task The_rule_of_the_tour_keeps_up_from_any_balance_it_may_begin_with()
    {
        var events = await ReadAsync();

        for (var start = Threshold; start < 2_000; start += 3)
        {
            Replay(events, start);
        }
    }

    private static void Replay(List<(UsageEvent Event, DateTimeOffset At, decimal Cost)> events, decimal balance)
    {
        var attempts = new Queue<DateTimeOffset>();
        var last = DateTimeOffset.MinValue;
        var nextSweep = events[0].At;
        foreach (var (_, at, cost) in events)
        {
            while (nextSweep <= at)
            {
                balance = RechargeIfDue(balance, nextSweep);
                nextSweep += TimeSpan.FromMinutes(15);
            }

            Assert.True(balance >= cost, $"{balance} do not cover {cost} at {at:O}");
            var before = balance;
            balance -= cost;
            if (before >= Threshold)
            {
                balance = RechargeIfDue(balance, at);
            }
        }

        decimal RechargeIfDue(decimal available, DateTimeOffset now)
        {
            while (attempts.Count > 0 && now - attempts.Peek() >= TimeSpan.FromDays(1))
            {
                attempts.Dequeue();
            }

            if (available >= Threshold || now - last < Cooldown || attempts.Count == AttemptsPerDay)
            {
                return available;
            }

            attempts.Enqueue(last = now);
            return available + Math.Max(Buys, Threshold - available) + Bonus;
        }
    }

    private async Task<List<(UsageEvent Event, DateTimeOffset At, decimal Cost)>> ReadAsync()
    {
        using var book = postgres.Prices();
        var prices = await book.SnapshotAsync();
        var parser = new UsageEventParser(new UsageOptions());
        var events = new List<(UsageEvent, DateTimeOffset, decimal)>();
        await foreach (var line in File.ReadLinesAsync(Path))
        {
            using var json = JsonDocument.Parse(line);
            var (reported, fault) = parser.Parse(json.RootElement, postgres.Clock.GetUtcNow());
            Assert.Null(fault);
            Assert.Equal("acme", json.RootElement.GetProperty("tenant").GetString());
            var price = prices.Find(Ids.New(), Unit.Credits, reported!.Service, reported.OccurredAt!.Value)!;
            events.Add((reported, reported.OccurredAt.Value, price.Rate(reported.Quantity).ToDecimal()));
        }

        return events;
    }
}
