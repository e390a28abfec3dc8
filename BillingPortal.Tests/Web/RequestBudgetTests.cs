using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BillingPortal.Tests.Support;
using BillingPortal.Web;

namespace BillingPortal.Tests.Web;

/// <summary>How many requests a caller may send, what every answer says of it, and what is above.</summary>
public sealed partial class RequestBudgetTests(ProbeHost host) : IClassFixture<ProbeHost>
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 15, TimeSpan.Zero);

    [Fact]
    public void Each_caller_is_counted_by_itself_and_anew_every_minute()
    {
        var clock = new ManualClock(Start);
        var counter = new RequestCounter(clock);

        Assert.Equal((1, 45), counter.Take("key a"));
        Assert.Equal((2, 45), counter.Take("key a"));
        Assert.Equal((1, 45), counter.Take("key b"));
        clock.Advance(TimeSpan.FromSeconds(44));
        Assert.Equal((3, 1), counter.Take("key a"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 60), counter.Take("key a"));
    }

    [Fact]
    public void Racing_requests_are_all_counted()
    {
        var counter = new RequestCounter(new ManualClock(Start));
        Parallel.For(0, 1000, _ => counter.Take("key a"));

        Assert.Equal(1001, counter.Take("key a").Used);
    }

    // Structured fields (RFC 9651), as the draft writes them: a list of one string with integer parameters.
    [Fact]
    public async Task Every_answer_says_the_policy_and_what_is_left()
    {
        var (client, _) = await host.ProgramAsync();
        var answer = await client.GetAsync("/api/probe/amount");
        var policy = answer.Headers.GetValues("RateLimit-Policy").Single();
        var standing = Standing().Match(answer.Headers.GetValues("RateLimit").Single());

        Assert.Equal("\"minute\";q=50;w=60", policy);
        Assert.True(standing.Success);
        Assert.Equal("49", standing.Groups["left"].Value);
        Assert.InRange(int.Parse(standing.Groups["seconds"].Value, CultureInfo.InvariantCulture), 1, 60);
    }

    [Theory]
    [InlineData(null, 50)]
    [InlineData(3, 3)]
    [InlineData(5000, 50)]
    public async Task A_keys_own_limit_takes_away_and_never_adds(int? own, int limit)
    {
        var (client, _) = await host.ProgramAsync(requestsPerMinute: own);
        var answer = await client.GetAsync("/api/probe/amount");

        Assert.Equal(RequestBudget.PolicyOf(limit), answer.Headers.GetValues("RateLimit-Policy").Single());
    }

    [Fact]
    public async Task What_is_above_is_429_with_the_seconds_to_wait_and_other_keys_go_on()
    {
        var (client, _) = await host.ProgramAsync(requestsPerMinute: 2);
        var (other, _) = await host.ProgramAsync();

        // The window is the clock's minute: of six in a row at least two stand above two of one minute.
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 6; i++)
        {
            var answer = await client.GetAsync("/api/probe/amount");
            refused = answer.StatusCode is HttpStatusCode.TooManyRequests ? answer : refused;
        }

        var problem = await IdempotencyTests.AssertProblemAsync(refused!, HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.StartsWith("More than 2 requests", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.InRange(refused!.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.StartsWith("\"minute\";r=0;t=", refused.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/probe/amount")).StatusCode);
    }

    [GeneratedRegex("^\"minute\";r=(?<left>[0-9]+);t=(?<seconds>[0-9]+)$")]
    private static partial Regex Standing();
}
