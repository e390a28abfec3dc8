using BillingPortal.PhoneNumbers;
using static BillingPortal.Tests.PhoneNumbers.NumbersWorld;

namespace BillingPortal.Tests.PhoneNumbers;

/// <summary>
/// Random top-ups and thin balances over months, day by day, against a few lines of plain arithmetic: same balances, same
/// states, same dates.
/// </summary>
public sealed class RentModelTests : IAsyncLifetime
{
    private const int Days = 100;

    private readonly NumbersWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(7)]
    [InlineData(28)]
    public async Task Months_of_random_top_ups_end_where_plain_arithmetic_ends(int seed)
    {
        var random = new Random(seed);
        var tenants = new List<Model>();
        for (var i = 0; i < 6; i++)
        {
            tenants.Add(await OwnAsync(random));
        }

        for (var day = Day(2027, 12, 2); day < Day(2027, 12, 2).AddDays(Days); day = day.AddDays(1))
        {
            // Some days there is no run at all: what was missed is made up for.
            if (random.Next(8) > 0)
            {
                await _world.BillAsync(day);
                tenants.ForEach(model => model.Bill(day));
            }

            _world.Clock.MoveTo(day.AddHours(15));
            foreach (var model in tenants.Where(_ => random.Next(6) == 0))
            {
                var amount = random.Next(10, 130);
                await model.Renter.TopUpAsync(amount);
                model.TopUp(amount, day);
            }
        }

        foreach (var model in tenants)
        {
            await model.AssertSameAsync();
        }

        Assert.True(tenants.Sum(model => model.Suspensions) > 20, "The balances were too rich to show anything.");
        await _world.AssertEveryRentIsInTheBooksOnceAsync();
    }

    private async Task<Model> OwnAsync(Random random)
    {
        var renter = await _world.TenantAsync(random.Next(1, 200));
        var numbers = await renter.OwnAsync([.. Enumerable.Range(0, 5).Select(_ => random.Next(3, 32)).Select(anchor =>
            (Day(2027, 12, anchor), anchor))]);
        return new Model(renter, await renter.BalanceAsync(), numbers);
    }

    /// <summary>What the contract says, without a database: one tenant, every number at 100 credits a month.</summary>
    private sealed class Model(Renter renter, decimal balance, IEnumerable<PhoneNumber> numbers)
    {
        private readonly List<Line> _lines = [.. numbers.Select(number => new Line(number))];
        private decimal _balance = balance;

        public Renter Renter { get; } = renter;

        public int Suspensions { get; private set; }

        public void Bill(DateTimeOffset day)
        {
            var before = _lines.Where(line => line.Since is not null && line.Retry <= day).OrderBy(line => line.Retry)
                .ThenBy(line => line.Id).ToList();
            while (_lines.Where(line => line.Since is null && line.Next <= day).OrderBy(line => line.Next)
                .ThenBy(line => line.Id).FirstOrDefault() is { } due)
            {
                if (Pay())
                {
                    due.Next = RentCalendar.Next(due.Next, due.Anchor);
                }
                else
                {
                    (due.Since, due.Retry) = (day.AddHours(2), day.AddDays(7));
                    Suspensions++;
                }
            }

            foreach (var line in before)
            {
                line.Retry = day.AddDays(7);
                Resume(line, day);
            }
        }

        public void TopUp(decimal amount, DateTimeOffset day)
        {
            _balance += amount;
            foreach (var line in _lines.Where(line => line.Since is not null).OrderBy(line => line.Since)
                .ThenBy(line => line.Id).ToList())
            {
                Resume(line, day);
            }
        }

        public async Task AssertSameAsync()
        {
            Assert.Equal(_balance, await Renter.BalanceAsync());
            var kept = (await Renter.NumbersAsync()).ToDictionary(number => number.Id);
            foreach (var line in _lines)
            {
                var number = kept[line.Id];
                Assert.Equal(line.Since, number.SuspendedAt);
                Assert.Equal(line.Since is null ? null : line.Retry, number.NextRetryAt);
                if (line.Since is null)
                {
                    Assert.Equal((line.Next, line.Anchor), (number.NextBillingDate, number.AnchorDay));
                }
            }
        }

        private void Resume(Line line, DateTimeOffset day)
        {
            if (Pay())
            {
                (line.Since, line.Anchor, line.Next) = (null, day.Day, RentCalendar.Next(day, day.Day));
            }
        }

        private bool Pay()
        {
            if (_balance < 100)
            {
                return false;
            }

            _balance -= 100;
            return true;
        }
    }

    private sealed class Line(PhoneNumber number)
    {
        public Guid Id => number.Id;

        public DateTimeOffset Next { get; set; } = number.NextBillingDate!.Value;

        public int Anchor { get; set; } = number.AnchorDay;

        public DateTimeOffset? Since { get; set; }

        public DateTimeOffset Retry { get; set; }
    }
}
