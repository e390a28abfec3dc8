using BillingPortal.PhoneNumbers;
using BillingPortal.Processes;
using BillingPortal.Tests.PhoneNumbers;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Crash;

/// <summary>The rent job as a process of its own, killed with SIGKILL in mid-run and started again, beside a second one.</summary>
public sealed class KilledRentTests : IAsyncLifetime
{
    private const int Tenants = 60;
    private const int NumbersEach = 25;
    private const int Months = 6;

    private readonly NumbersWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    // 1,500 numbers have missed six months: 9,000 rents. The job dies after about a quarter and after about a half.
    [Fact]
    public async Task A_killed_job_goes_on_where_it_died_and_charges_no_period_twice()
    {
        var today = RentCalendar.DayOf(TimeProvider.System.GetUtcNow());
        var first = new DateTimeOffset(today.Year, today.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1 - Months);
        for (var i = 0; i < Tenants; i++)
        {
            var renter = await _world.TenantAsync(balance: NumbersEach * Months * 100);
            await renter.OwnAsync([.. Enumerable.Repeat((first, 1), NumbersEach)]);
        }

        foreach (var share in new[] { 4, 2 })
        {
            await using var doomed = Start();
            await UntilAsync(Tenants * NumbersEach * Months / share, doomed);
            await doomed.KillAsync();
        }

        await using var one = Start();
        await using var two = Start();
        await Task.WhenAll(one.WaitForExitAsync(), two.WaitForExitAsync());
        await using var last = Start();
        await last.WaitForExitAsync();

        Assert.Equal(0, last.ExitCode);
        var rents = await _world.RentsAsync();
        Assert.Equal(Tenants * NumbersEach * Months, rents.Count);
        Assert.All(rents.GroupBy(rent => rent.NumberId), periods => Assert.Equal(
            RentCalendar.Begun(first, 1, today, 100), periods.Select(rent => new RentPeriod(rent.PeriodStart, rent.PeriodEnd))));
        await _world.AssertEveryRentIsInTheBooksOnceAsync();
    }

    private async Task UntilAsync(int rents, RunningProcess job)
    {
        await using var count = _world.First.Database.Ops.CreateCommand("SELECT count(*) FROM number_rents");
        while (!job.HasExited && (long)(await count.ExecuteScalarAsync())! < rents)
        {
            await Task.Delay(5);
        }
    }

    private RunningProcess Start() => PortalProcess.RunVerb(_world.Connections.Owner, sandbox: null, new Dictionary<string, string>
    {
        ["Sandbox__FollowsClock"] = "false",
        ["PhoneNumbers__BatchNumbers"] = "40",
    }, "job", "phone-rent");
}
