using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Settlement;

/// <summary>
/// Random half years of usage, late reports, repeats, top-ups, changes of mode and settlements, against a plain model:
/// same outcomes, same months, same books. A failure names its seed.
/// </summary>
public sealed class RandomMonthsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2026, 7, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Every_month_is_the_sum_of_what_was_reserved_with_it(int seed)
    {
        // One after another: a settlement looks at all tenants, by the clock of the one who runs it.
        for (var number = 0; number < 4; number++)
        {
            await RunAsync((seed * 100) + number);
        }

        var report = await new LedgerAudit(postgres.Database, postgres.Clock).RunAsync(full: true);
        Assert.Empty(report.Violations);
    }

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var world = new SettlementWorld(postgres, Start);
        var tenant = await world.TenantAsync(usd: 5);
        var model = new Model(Amount.Usd(5));
        for (var step = 0; step < 120; step++)
        {
            world.Clock.Advance(TimeSpan.FromHours(random.Next(1, 60)));
            var now = world.Clock.GetUtcNow();
            switch (random.Next(10))
            {
                case 0:
                    var funds = random.Next(1, 40) / 10m;
                    await tenant.CreditAsync(funds, unit: Unit.Usd);
                    model.Balance += Amount.Usd(funds);
                    break;
                case 1:
                    model.Mode = random.Next(2) == 0 ? SettlementMode.Immediate : SettlementMode.Monthly;
                    await world.SetAsync(tenant, Unit.Usd, model.Mode);
                    break;
                case 2 or 3:
                    await world.Settlement.RunAsync();
                    model.Settle(now);
                    break;
                default:
                    var reference = $"use-{random.Next(step + 1)}";
                    var quantity = random.Next(1, 900) / 100m;
                    var at = now.AddHours(-random.Next(random.Next(4) == 0 ? 1500 : 20));
                    var expected = model.Use(reference, Price(quantity), at, now);
                    var result = await world.UseAsync(tenant, "voice", quantity, reference, at);
                    Assert.True(expected == result.Outcome, $"seed {seed}, step {step}: {expected}, not {result}");
                    break;
            }

            await AssertSameAsync(tenant, model, $"seed {seed}, step {step}");
        }

        world.Clock.Advance(TimeSpan.FromDays(70));
        await world.Settlement.RunAsync();
        model.Settle(world.Clock.GetUtcNow());
        Assert.Equal(
            model.Settled, (await world.BillingsAsync(tenant)).ToDictionary(row => new BillingMonth(row.Month), row => row.Amount));
        await AssertSameAsync(tenant, model, $"seed {seed}, end");
        await tenant.AssertBooksBalanceAsync(model.Balance.ToDecimal(), Unit.Usd);
    }

    private static Amount Price(decimal minutes) => Amount.Usd(0.10m + (0.05m * minutes));

    private static async Task AssertSameAsync(TestTenant tenant, Model model, string where)
    {
        var balance = await tenant.BalanceAsync(Unit.Usd);
        Assert.True(
            (balance.Posted, balance.Held) == (model.Balance, model.Held), $"{where}: {balance}, not {model.Balance} and {model.Held}");
    }

    /// <summary>The wallet in plain memory.</summary>
    private sealed class Model(Amount balance)
    {
        private readonly HashSet<string> _paid = [];
        private readonly Dictionary<BillingMonth, Amount> _open = [];

        public Amount Balance { get; set; } = balance;

        public SettlementMode Mode { get; set; } = SettlementMode.Monthly;

        public Dictionary<BillingMonth, Amount> Settled { get; } = [];

        public Amount Held => _open.Values.Aggregate(Amount.Zero(Unit.Usd), (sum, month) => sum + month);

        public UsageOutcome Use(string reference, Amount price, DateTimeOffset at, DateTimeOffset now)
        {
            if (_paid.Contains(reference))
            {
                return UsageOutcome.Duplicate;
            }

            if (price > Balance - Held)
            {
                return UsageOutcome.Insufficient;
            }

            _paid.Add(reference);
            if (Mode is SettlementMode.Immediate)
            {
                Balance -= price;
            }
            else
            {
                var month = BillingMonth.For(at, now);
                month = Settled.ContainsKey(month) ? month.Next : month;
                _open[month] = _open.GetValueOrDefault(month, Amount.Zero(Unit.Usd)) + price;
            }

            return UsageOutcome.Posted;
        }

        public void Settle(DateTimeOffset now)
        {
            foreach (var month in _open.Keys.Where(month => month.SettlesAt <= now).ToList())
            {
                Settled.Add(month, _open[month]);
                Balance -= _open[month];
                _open.Remove(month);
            }
        }
    }
}
