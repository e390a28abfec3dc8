using System.Net;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
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

    private async Task ExceedAsync(string subject, int already = 0)
    {
        for (var time = already; time < Three.Most; time++)
        {
            Assert.True(await Throttle.TryTakeAsync(Three, subject));
        }

        Assert.False(await Throttle.TryTakeAsync(Three, subject));
    }
}
