using System.Globalization;
using BillingPortal.AutoRecharge;

namespace BillingPortal.Tests.Year;

/// <summary>
/// A year of customers on both plans: purchases, recharges, declines, refunds, disputes, grants that expire, calls, changes of
/// plan and settlements, day by day. Two runs of one seed make the same books, and the books of each tie to the last digit.
/// <c>YEAR_TENANTS=200</c> makes it the long one.
/// </summary>
public sealed class YearTests(ITestOutputHelper output)
{
    private const int Seed = 2026;
    private const int Days = 366;
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static int Tenants => int.TryParse(
        Environment.GetEnvironmentVariable("YEAR_TENANTS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 8;

    [Fact]
    public async Task A_year_ties_to_the_last_digit_and_the_same_seed_makes_the_same_books()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal(first, second);
    }

    private async Task<string> RunAsync()
    {
        await using var world = new YearWorld(NewYear);
        await world.StartAsync();
        var tenants = Enumerable.Range(0, Tenants).Select(number => new YearTenant(world, number, Seed)).ToList();
        foreach (var tenant in tenants)
        {
            await tenant.JoinAsync();
        }

        for (var day = NewYear.AddDays(1); day < NewYear.AddDays(Days); day = day.AddDays(1))
        {
            await world.BeginDayAsync(day);
            world.Clock.MoveTo(day.AddHours(12));
            foreach (var tenant in tenants)
            {
                await tenant.LiveAsync(world.Clock.GetUtcNow());
            }
        }

        await AssertSoundAsync(world, tenants);
        return await world.DigestAsync(tenants);
    }

    private async Task AssertSoundAsync(YearWorld world, List<YearTenant> tenants)
    {
        await world.AssertCleanAsync();
        var (statements, months, taken, refunded, disputed) = (0, 0, 0L, 0L, 0L);
        foreach (var tenant in tenants)
        {
            statements += await world.AssertStatementsTieAsync(tenant);
            months += await world.AssertMonthsAreSettledAsync(tenant);
            var money = await world.AssertMoneyIsStripesAsync(tenant);
            (taken, refunded, disputed) = (taken + money.Taken, refunded + money.Refunded, disputed + money.Disputed);
        }

        var stripe = await world.Sandbox.PaymentsAsync();
        Assert.Equal((stripe.SucceededAmount, stripe.RefundedAmount), (taken, refunded));
        var attempts = await world.AttemptsAsync();
        Assert.True(
            months > 0 && refunded > 0 && disputed > 0 && attempts.ContainsKey(AttemptState.Declined)
                && attempts.GetValueOrDefault(AttemptState.Succeeded) > tenants.Count,
            "The year was too quiet to prove anything.");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{tenants.Count} tenants, {statements} statements, {months} settlements; ${taken / 100m} charged, "
            + $"${refunded / 100m} refunded, ${disputed / 100m} disputed"));
        foreach (var (what, times) in tenants.SelectMany(tenant => tenant.Story).GroupBy(pair => pair.Key)
            .Select(group => (group.Key, group.Sum(pair => pair.Value)))
            .Concat(attempts.Select(pair => ($"recharge {pair.Key}", pair.Value))).OrderBy(pair => pair.Item1, StringComparer.Ordinal))
        {
            output.WriteLine($"{times,8} {what}");
        }
    }
}
