using BillingPortal.Alerts;
using BillingPortal.Kernel;
using BillingPortal.Notifications;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.TenantWebhooks;

namespace BillingPortal.Tests.Notifications;

/// <summary>From debits to mails: each fall once, whoever looks and however often. Threshold 100 throughout.</summary>
public sealed class AlertWatchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly WatchWorld _world = new(postgres);

    // From 300 down to 98, then between 92 and 108 every five minutes for a day, the watcher every minute.
    [Fact]
    public async Task A_balance_that_hovers_at_the_threshold_for_a_day_sends_one_mail()
    {
        var tenant = await _world.TenantAsync(300);
        var watch = _world.Watch();
        await tenant.DebitAsync(202);
        var (balance, random) = (98, new Random(7));
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            if (minute % 5 == 4)
            {
                var next = random.Next(92, 109);
                await (next < balance ? tenant.DebitAsync(balance - next)
                    : next > balance ? tenant.CreditAsync(next - balance) : Task.CompletedTask);
                balance = next;
            }

            await watch.SweepAsync(1000);
            postgres.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["Your balance is low: 98 credits left"], await _world.MailsAsync(tenant.Id));
    }

    [Fact]
    public async Task Every_fall_is_told_once_with_an_hour_between_except_to_critical()
    {
        var tenant = await _world.TenantAsync(300);
        await FallAsync(tenant, 110); // 190: low
        await FallAsync(tenant, 100); // 90: warning, within the hour
        Assert.Single(await _world.MailsAsync(tenant.Id));

        postgres.Clock.Advance(TimeSpan.FromMinutes(61));
        await _world.Watch().SweepAsync(1000);
        await FallAsync(tenant, 70);  // 20: critical does not wait
        await FallAsync(tenant, 5);   // 15: nothing new

        Assert.Equal(
            [
                "Your balance is getting low: 190 credits left", "Your balance is low: 90 credits left",
                "Your balance is critical: 20 credits left",
            ],
            await _world.MailsAsync(tenant.Id));
        var events = await postgres.Database.EventsAsync(tenant.Id);
        Assert.Equal(["balance.low", "balance.low", "balance.low"], events.Select(one => one.Type));
        Assert.Contains(
            """{"level":"critical","previous_level":"warning","available":{"value":20,"unit":"credits"}""", events[2].Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_it_stays_low_and_is_used_it_is_told_again_every_day()
    {
        var tenant = await _world.TenantAsync(300);
        await FallAsync(tenant, 210);
        for (var day = 0; day < 3; day++)
        {
            await tenant.DebitAsync(1);
            postgres.Clock.Advance(TimeSpan.FromHours(23));
            await _world.Watch().SweepAsync(1000);
            Assert.Equal(day + 1, (await _world.MailsAsync(tenant.Id)).Count);
            postgres.Clock.Advance(TimeSpan.FromHours(1));
            await _world.Watch().SweepAsync(1000);
        }

        Assert.Equal("Still low: 87 credits left", (await _world.MailsAsync(tenant.Id))[^1]);
    }

    [Fact]
    public async Task An_account_that_nobody_uses_any_more_is_reminded_once_and_told_again_when_it_is()
    {
        var tenant = await _world.TenantAsync(300);
        await FallAsync(tenant, 210);
        for (var day = 0; day < 10; day++)
        {
            postgres.Clock.Advance(TimeSpan.FromDays(1));
            await _world.Watch().SweepAsync(1000);
        }

        Assert.Equal(2, (await _world.MailsAsync(tenant.Id)).Count);
        await tenant.DebitAsync(1);
        postgres.Clock.Advance(TimeSpan.FromDays(1));
        await _world.Watch().SweepAsync(1000);
        Assert.Equal(3, (await _world.MailsAsync(tenant.Id)).Count);
    }

    // A recovery is quiet, takes the banner down, and makes the next fall news.
    [Fact]
    public async Task Recovery_is_quiet_and_the_next_fall_is_told()
    {
        var tenant = await _world.TenantAsync(300);
        await FallAsync(tenant, 210);
        var notice = Assert.Single(await _world.NoticesAsync(tenant.Id));
        Assert.Equal((NoticeSeverity.Warning, "/buy", null), (notice.Severity, notice.Link, notice.EndedAt));

        await tenant.CreditAsync(500);
        await _world.Watch().SweepAsync(1000);
        Assert.NotNull(Assert.Single(await _world.NoticesAsync(tenant.Id)).EndedAt);

        postgres.Clock.Advance(TimeSpan.FromHours(2));
        await FallAsync(tenant, 500);
        Assert.Equal(2, (await _world.MailsAsync(tenant.Id)).Count);
    }

    // Six watchers of their own, each restarted for every look, over 30 tenants that all fell.
    [Fact]
    public async Task Several_processes_at_once_tell_everything_once()
    {
        var tenants = new List<TestTenant>();
        for (var count = 0; count < 30; count++)
        {
            tenants.Add(await _world.TenantAsync(300));
            await tenants[^1].DebitAsync(250);
        }

        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _world.Watch().SweepAsync(1000))));
        }

        foreach (var tenant in tenants)
        {
            Assert.Single(await _world.MailsAsync(tenant.Id));
            Assert.Single(await _world.NoticesAsync(tenant.Id));
        }
    }

    [Fact]
    public async Task What_is_held_counts_as_gone_and_its_release_as_recovery()
    {
        var tenant = await _world.TenantAsync(300);
        await _world.Watch().SweepAsync(1000);
        var hold = await tenant.HoldAsync(290);
        await _world.Watch().LookAsync(tenant.Id);
        Assert.Equal(["Your balance is critical: 10 credits left"], await _world.MailsAsync(tenant.Id));

        await tenant.ReleaseAsync(hold.HoldId!.Value);
        await _world.Watch().LookAsync(tenant.Id);
        Assert.NotNull(Assert.Single(await _world.NoticesAsync(tenant.Id)).EndedAt);
    }

    [Fact]
    public async Task An_account_that_was_never_used_is_not_warned_about()
    {
        var empty = await _world.TenantAsync(0);
        var first = await _world.TenantAsync(50);
        await _world.Watch().SweepAsync(1000);
        Assert.Empty(await _world.MailsAsync(empty.Id));
        Assert.Empty(await _world.MailsAsync(first.Id));

        await FallAsync(first, 30);
        Assert.Equal(["Your balance is critical: 20 credits left"], await _world.MailsAsync(first.Id));
    }

    [Fact]
    public async Task A_wallet_is_judged_by_its_own_threshold_of_ten_dollars()
    {
        var tenant = await _world.TenantAsync(40, Unit.Usd);
        await tenant.DebitAsync(30.5m, unit: Unit.Usd);
        await _world.Watch().SweepAsync(1000);

        Assert.Equal(["Your balance is low: $9.50 left"], await _world.MailsAsync(tenant.Id));
    }

    // Four numbers of 100 renew in six days; 350 are left. Once the balance covers them, all is well.
    [Fact]
    public async Task Phone_numbers_of_the_next_seven_days_that_are_not_covered_are_critical()
    {
        var tenant = await _world.TenantAsync(400);
        await FallAsync(tenant, 50);
        for (var count = 0; count < 4; count++)
        {
            await _world.NumberAsync(tenant.Id, postgres.Clock.GetUtcNow().AddDays(8));
        }

        await _world.Watch().SweepAsync(1000);
        Assert.Empty(await _world.MailsAsync(tenant.Id));
        postgres.Clock.Advance(TimeSpan.FromDays(2));
        await _world.Watch().SweepAsync(1000);

        Assert.Equal(["Your balance is critical: 350 credits left"], await _world.MailsAsync(tenant.Id));
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        var read = await _world.Reader().ReadAsync(unit, tenant.Id, Unit.Credits);
        Assert.Equal((AlertLevel.Critical, Amount.Credits(400)), (read.Level, read.RentDue));
    }

    [Fact]
    public async Task A_level_that_nothing_changed_is_not_even_a_candidate()
    {
        var tenant = await _world.TenantAsync(500);
        await tenant.DebitAsync(10);
        var candidates = new AlertCandidates(postgres.Database, postgres.Clock);
        Assert.True(await candidates.ContainsAsync(tenant.Id, CancellationToken.None));
        await _world.Watch().SweepAsync(1000);

        await tenant.DebitAsync(200);
        await tenant.HoldAsync(50);
        Assert.False(await candidates.ContainsAsync(tenant.Id, CancellationToken.None));

        await tenant.DebitAsync(41);
        Assert.True(await candidates.ContainsAsync(tenant.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_run_judges_no_more_than_it_may_and_the_next_goes_on()
    {
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await (await _world.TenantAsync(300)).DebitAsync(250);
        }

        Assert.Equal(2, (await _world.Watch().SweepAsync(2)).Judged);
        Assert.True((await _world.Watch().SweepAsync(1000)).Judged >= 3);
        Assert.Equal(0, (await _world.Watch().SweepAsync(1000)).Judged);
    }

    private async Task FallAsync(TestTenant tenant, decimal amount)
    {
        await tenant.DebitAsync(amount);
        await _world.Watch().SweepAsync(1000);
    }
}
