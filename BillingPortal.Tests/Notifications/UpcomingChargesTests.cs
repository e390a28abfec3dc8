using BillingPortal.Alerts;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Notifications;

/// <summary>Renewals are announced three days ahead, once per tenant and day.</summary>
public sealed class UpcomingChargesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly WatchWorld _world = new(postgres);

    // Two numbers on the 25th, one on the 26th, one far away; 250 credits, each number 100.
    [Fact]
    public async Task Each_day_is_announced_once_with_its_numbers_and_whether_the_balance_covers_them()
    {
        var tenant = await _world.TenantAsync(250);
        var day = Midnight(postgres.Clock.GetUtcNow()).AddDays(5);
        await _world.NumberAsync(tenant.Id, day);
        await _world.NumberAsync(tenant.Id, day);
        await _world.NumberAsync(tenant.Id, day.AddDays(1));
        await _world.NumberAsync(tenant.Id, day.AddDays(20));
        await HoursAsync(6 * 24);

        var (first, second) = (Date(day), Date(day.AddDays(1)));
        Assert.Equal(
            [$"2 phone numbers renew on {first} for 200 credits", $"1 phone number renews on {second} for 100 credits"],
            await _world.MailsAsync(tenant.Id));
        var notices = await _world.NoticesAsync(tenant.Id);
        Assert.Equal([NoticeSeverity.Info, NoticeSeverity.Warning], notices.Select(notice => notice.Severity));
        Assert.Equal("Your balance covers it: 250 credits are available.", notices[0].Text);
        Assert.Equal(
            "Your balance does not cover it: 250 credits are available, and 300 credits fall due until then. "
            + "Add at least 50 credits, or the numbers will be suspended.", notices[1].Text);
    }

    [Fact]
    public async Task Two_processes_at_once_announce_a_day_once()
    {
        var tenant = await _world.TenantAsync(250);
        await _world.NumberAsync(tenant.Id, Midnight(postgres.Clock.GetUtcNow()).AddDays(2));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _world.Upcoming().SweepAsync(100))));

        Assert.Single(await _world.MailsAsync(tenant.Id));
        Assert.Single(await _world.NoticesAsync(tenant.Id));
    }

    private async Task HoursAsync(int hours)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            await _world.Upcoming().SweepAsync(1000);
            postgres.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private static string Date(DateTimeOffset day) =>
        day.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);
}
