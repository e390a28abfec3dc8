using System.Net;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.SignIn;
using BillingPortal.Tenants.Throttling;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Tenants;

/// <summary>How often something may be tried, counted for all processes together.</summary>
public sealed class ThrottleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly AttemptLimit Three = new("test", 3, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4));
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    private AttemptThrottle Throttle => new(postgres.Database, _clock, NullLogger<AttemptThrottle>.Instance);

    [Fact]
    public async Task Twenty_racing_tries_at_two_nodes_get_three_between_them()
    {
        await using var other = new Database(postgres.Connections);
        AttemptThrottle[] nodes = [Throttle, new(other, _clock, NullLogger<AttemptThrottle>.Instance)];
        var subject = Ids.New().ToString();

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => nodes[i % 2].TryTakeAsync(Three, subject)));

        Assert.Equal(3, taken.Count(isTaken => isTaken));
        Assert.True(await Throttle.TryTakeAsync(Three, Ids.New().ToString()));
    }

    // A minute's window, then waits of 1, 2, 4 and again 4 minutes; a try meanwhile makes none of them longer.
    [Fact]
    public async Task Each_exceeded_round_doubles_the_wait_up_to_its_most_and_an_hours_quiet_forgives()
    {
        var subject = Ids.New().ToString();
        foreach (var minutes in new[] { 1, 2, 4, 4 })
        {
            await ExceedAsync(subject);
            _clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.False(await Throttle.TryTakeAsync(Three, subject));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _clock.Advance(TimeSpan.FromMinutes(61));
        await ExceedAsync(subject);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await Throttle.TryTakeAsync(Three, subject));
    }

    // A flood writes nothing beyond the limit, at either node; the wait ends when it would have ended without it.
    [Fact]
    public async Task Who_waits_costs_no_statement_and_is_let_in_after_the_wait()
    {
        await using var other = new Database(postgres.Connections);
        using AttemptThrottle first = Throttle, second = new(other, _clock, NullLogger<AttemptThrottle>.Instance);
        var subject = Ids.New().ToString();
        await ExceedAsync(subject, throttle: first);
        Assert.False(await second.TryTakeAsync(Three, subject));
        var before = await CountedAsync();

        _clock.Advance(TimeSpan.FromSeconds(59));
        foreach (var node in Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? first : second))
        {
            Assert.True(node.IsWaiting(Three, subject));
            Assert.False(await node.TryTakeAsync(Three, subject));
        }

        Assert.Equal(before, await CountedAsync());
        Assert.False(first.IsWaiting(Three, Ids.New().ToString()));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(first.IsWaiting(Three, subject));
        Assert.True(await first.TryTakeAsync(Three, subject));
        Assert.True(await second.TryTakeAsync(Three, subject));
    }

    [Fact]
    public async Task An_address_that_waits_takes_nothing_from_the_person_it_names()
    {
        using var throttle = Throttle;
        var attempts = new SignInAttempts(throttle);
        var address = IPAddress.Parse("198.51.100.7");
        for (var time = 0; time < AttemptLimit.Address.Most; time++)
        {
            Assert.True(await attempts.TryTakeAsync(address, CancellationToken.None));
        }

        // This one is counted for both: it begins the wait.
        Assert.False(await attempts.TryTakeAsync(address, "ann@tests.example", CancellationToken.None));
        var before = await CountedAsync();
        Assert.False(await attempts.TryTakeAsync(address, "ann@tests.example", CancellationToken.None));
        Assert.False(await attempts.TryTakeAsync(address, "bob@tests.example", CancellationToken.None));
        Assert.Equal(before, await CountedAsync());
    }

    [Fact]
    public async Task A_caller_that_has_gone_waits_for_no_row()
    {
        using var throttle = Throttle;
        var subject = Ids.New().ToString();
        await throttle.TryTakeAsync(Three, subject);
        await using var unit = await postgres.Database.BeginOpsAsync();
        await using var held = unit.Command("SELECT 1 FROM attempt_counts FOR UPDATE");
        await held.ExecuteNonQueryAsync();
        using var caller = new CancellationTokenSource();

        var attempt = throttle.TryTakeAsync(Three, subject, caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
    }

    [Fact]
    public async Task Counts_that_are_over_are_swept_and_name_nobody()
    {
        await Throttle.TryTakeAsync(Three, "ann@tests.example");
        _clock.Advance(TimeSpan.FromHours(2));
        var fresh = Ids.New().ToString();
        await Throttle.TryTakeAsync(Three, fresh);

        Assert.True(await Throttle.SweepAsync(1000) >= 1);
        Assert.Equal(0, await Throttle.SweepAsync(1000));
        await ExceedAsync(fresh, already: 1);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002")]
    [InlineData("2001:db8:1:2:ffff::1", "20010db800010002")]
    public void An_address_of_ipv6_counts_as_its_network(string address, string subject) =>
        Assert.Equal(subject, AttemptThrottle.Of(IPAddress.Parse(address)));

    /// <summary>Rows, and tries in them.</summary>
    private async Task<string> CountedAsync()
    {
        await using var command = postgres.Database.Ops.CreateCommand(
            "SELECT count(*) || ' ' || sum(used) FROM attempt_counts");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExceedAsync(string subject, int already = 0, AttemptThrottle? throttle = null)
    {
        throttle ??= Throttle;
        for (var time = already; time < Three.Most; time++)
        {
            Assert.True(await throttle.TryTakeAsync(Three, subject));
        }

        Assert.False(await throttle.TryTakeAsync(Three, subject));
    }
}
