using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using Npgsql;
using static BillingPortal.Tests.PhoneNumbers.NumbersWorld;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>
/// A year of rent with the leap February of 2028: 1,000 numbers with anchors 28 to 31, the clock moved day by day, runs
/// killed at random and doubled. Every period is charged exactly once.
/// </summary>
public sealed class TwelveMonthsTests : IAsyncLifetime
{
    private const int Tenants = 40;
    private const int NumbersEach = 25;

    private readonly NumbersWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_thousand_numbers_pay_every_period_of_twelve_months_exactly_once()
    {
        await OwnAsync();

        for (var day = Day(2027, 12, 28); day <= Day(2028, 12, 31); day = day.AddDays(1))
        {
            await _world.BillAsync(day);
        }

        await AssertYearAsync();
    }

    // On every day with rent two instances start together, and both lose their connections or are stopped again and again
    // in mid-batch, until each has got through once.
    [Theory]
    [InlineData(1)]
    public async Task Neither_two_runners_nor_kills_at_random_double_or_skip_a_period(int seed)
    {
        await OwnAsync();
        var (one, two) = (_world.Node(("PhoneNumbers:BatchNumbers", "60")), _world.Node(("PhoneNumbers:BatchNumbers", "35")));
        await using var ends = one;
        await using var endsToo = two;
        var kills = 0;

        for (var day = Day(2027, 12, 28); day <= Day(2028, 12, 31); day = day.AddDays(1))
        {
            if (day.Day < 28)
            {
                continue;
            }

            _world.Clock.MoveTo(day.AddHours(2));
            var hurried = await Task.WhenAll(
                HurryAsync(one, new Random((seed * 1000) + day.DayOfYear)),
                HurryAsync(two, new Random((seed * 2000) + day.DayOfYear)));
            kills += hurried.Sum();
        }

        Assert.True(kills > 40, $"Only {kills} runs were killed: the test shows nothing.");
        await AssertYearAsync();
    }

    private async Task OwnAsync()
    {
        for (var i = 0; i < Tenants; i++)
        {
            var renter = await _world.TenantAsync(balance: NumbersEach * 13 * 100);
            await renter.OwnAsync([.. Enumerable.Range(0, NumbersEach).Select(n =>
                (Next: Day(2027, 12, 28 + ((n + i) % 4)), AnchorDay: 28 + ((n + i) % 4)))]);
        }
    }

    // Twelve months after the first: 13 periods begin from 28 December 2027 to 31 December 2028.
    private async Task AssertYearAsync()
    {
        var numbers = (await _world.RentsAsync()).GroupBy(rent => rent.NumberId).ToList();
        Assert.Equal(Tenants * NumbersEach, numbers.Count);
        foreach (var periods in numbers)
        {
            var anchor = periods.First().PeriodStart.Day;
            var due = RentCalendar.Begun(periods.First().PeriodStart, anchor, Day(2028, 12, 31), 100);
            Assert.Equal(due, periods.Select(rent => new RentPeriod(rent.PeriodStart, rent.PeriodEnd)));
            Assert.Equal(13, periods.Count());
            Assert.Equal(anchor is 28 ? 28 : 29, periods.Single(rent => rent.PeriodStart is { Year: 2028, Month: 2 }).PeriodStart.Day);
        }

        await _world.AssertEveryRentIsInTheBooksOnceAsync();
        await using var unit = await _world.First.Database.BeginOpsAsync();
        await using var left = unit.Command("SELECT sum(balance_e4)::bigint FROM accounts");
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    // Runs until one run gets through; answers how many did not.
    private async Task<int> HurryAsync(NumbersNode node, Random random)
    {
        for (var killed = 0; ; killed++)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                var run = node.Rents.RunAsync(stop.Token);
                if (killed < 4 && random.Next(4) > 0)
                {
                    await KillAsync(run, stop, random);
                }

                await run;
                return killed;
            }
            catch (Exception fault) when (fault is OperationCanceledException or NpgsqlException)
            {
                // as a process that was killed: nothing of its last batch stands
            }
        }
    }

    // By the stop of its process, or by the end of every connection it has.
    private async Task KillAsync(Task run, CancellationTokenSource stop, Random random)
    {
        await Task.WhenAny(run, Task.Delay(random.Next(12)));
        if (random.Next(2) == 0)
        {
            await stop.CancelAsync();
            return;
        }

        await using var owner = NpgsqlDataSource.Create(_world.Connections.Owner);
        await using var kill = owner.CreateCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await kill.ExecuteScalarAsync();
    }
}
