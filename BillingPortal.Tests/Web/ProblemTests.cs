using System.Net;
using System.Text;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Web;

/// <summary>Every error under <c>/api</c> is a problem with a stable code, in Production too.</summary>
public sealed class ProblemTests(ProbeHost host) : IClassFixture<ProbeHost>
{
    [Theory]
    [InlineData("{\"name\":\"a\",\"quantity\":\"many\"}", "malformed_json", "$.quantity")]
    [InlineData("{\"name\":\"a\",", "malformed_json", "$")]
    [InlineData("", "invalid_request", null)]
    public async Task A_body_that_cannot_be_read_says_where(string body, string code, string? path)
    {
        var (client, _) = await host.ProgramAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var problem = await IdempotencyTests.AssertProblemAsync(
            await client.PostAsync("/api/probe/work", content), HttpStatusCode.BadRequest, code);

        if (path is not null)
        {
            Assert.StartsWith(path, problem.GetProperty("path").GetString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("BillingPortal", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_an_unsupported_media_type()
    {
        var (client, _) = await host.ProgramAsync();
        using var form = new FormUrlEncodedContent([new("name", "a")]);
        await IdempotencyTests.AssertProblemAsync(
            await client.PostAsync("/api/probe/work", form), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_bad_or_missing_query_value_is_an_invalid_request()
    {
        var (client, _) = await host.ProgramAsync();
        foreach (var address in new[] { "/api/probe/query?count=many", "/api/probe/query" })
        {
            var problem = await IdempotencyTests.AssertProblemAsync(
                await client.GetAsync(address), HttpStatusCode.BadRequest, "invalid_request");
            Assert.Contains("count", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_method_say_so()
    {
        var (client, _) = await host.ProgramAsync();
        await IdempotencyTests.AssertProblemAsync(await client.GetAsync("/api/nothing"), HttpStatusCode.NotFound, "not_found");
        await IdempotencyTests.AssertProblemAsync(
            await client.GetAsync("/api/probe/work"), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
    }

    [Theory]
    [InlineData(null, "unauthorized")]
    [InlineData("bp_live_unknown", "invalid_api_key")]
    public async Task A_stranger_learns_nothing_but_401(string? token, string code)
    {
        using var client = host.Bearer(token);
        foreach (var address in new[] { "/api/probe/amount", "/api/probe/open-by-mistake" })
        {
            await IdempotencyTests.AssertProblemAsync(await client.GetAsync(address), HttpStatusCode.Unauthorized, code);
        }
    }

    [Fact]
    public async Task A_key_without_the_scope_is_forbidden()
    {
        var (client, _) = await host.ProgramAsync(ApiScopes.Usage);
        await IdempotencyTests.AssertProblemAsync(await client.GetAsync("/api/probe/amount"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task The_cron_secret_opens_its_endpoint_and_nothing_else()
    {
        using var cron = host.Bearer("the-cron-secret");
        using var wrong = host.Bearer("the-cron-secreT");
        var (program, _) = await host.ProgramAsync();

        Assert.Equal("ran", await cron.GetStringAsync("/api/probe/cron"));
        Assert.Equal(HttpStatusCode.Forbidden, (await cron.GetAsync("/api/probe/amount")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wrong.GetAsync("/api/probe/cron")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api/probe/cron")).StatusCode);
    }

    [Fact]
    public async Task Amounts_are_plain_exact_numbers()
    {
        var (client, _) = await host.ProgramAsync();

        Assert.Equal("{\"exact\":0.375,\"whole\":1045}", await client.GetStringAsync("/api/probe/amount"));
    }
}
