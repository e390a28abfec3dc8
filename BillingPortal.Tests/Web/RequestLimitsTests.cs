using System.Net;
using System.Net.Sockets;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Web;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Web;

/// <summary>What is too large, too deep, too slow or takes too long is refused, each in words that say so.</summary>
public sealed class RequestLimitsTests(PortalHost portal, ProbeHost probe) : IClassFixture<PortalHost>, IClassFixture<ProbeHost>
{
    [Fact]
    public async Task A_body_of_two_megabytes_is_refused_and_a_batch_of_usage_may_be_larger()
    {
        var program = await portal.ProgramAsync(await portal.TenantAsync());
        var padding = new string(' ', 2 * 1024 * 1024);

        await IdempotencyTests.AssertProblemAsync(
            await PostAsync(program, "/api/sms/send", "{}" + padding), HttpStatusCode.RequestEntityTooLarge, "request_too_large");
        await IdempotencyTests.AssertProblemAsync(
            await PostAsync(program, "/api/usage", "{}" + padding), HttpStatusCode.BadRequest, "unknown_service");
    }

    [Fact]
    public async Task Json_of_more_than_32_levels_is_not_read()
    {
        var program = await portal.ProgramAsync(await portal.TenantAsync());
        var deep = string.Concat(Enumerable.Repeat("{\"metadata\":", 33)) + "1" + new string('}', 33);

        await IdempotencyTests.AssertProblemAsync(
            await PostAsync(program, "/api/usage", deep), HttpStatusCode.BadRequest, "malformed_json");
    }

    [Fact]
    public async Task A_form_of_more_than_two_hundred_fields_is_refused()
    {
        using var form = new FormUrlEncodedContent(Enumerable.Range(0, 300).ToDictionary(i => $"f{i}", i => "x"));

        Assert.Equal(HttpStatusCode.BadRequest, (await portal.Browser().PostAsync("/sign-in", form)).StatusCode);
    }

    [Fact]
    public async Task A_long_address_too_many_headers_and_too_long_ones_are_refused_before_anything_is_done()
    {
        var address = new string('a', 9_000);
        Assert.StartsWith("HTTP/1.1 414", await SendAsync($"GET /{address} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Range(0, 150).Select(i => $"X-{i}: 1\r\n"));
        Assert.StartsWith("HTTP/1.1 431", await SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"), StringComparison.Ordinal);
        var longer = $"X-Long: {new string('a', 40_000)}\r\n";
        Assert.StartsWith("HTTP/1.1 431", await SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{longer}\r\n"), StringComparison.Ordinal);
    }

    // One byte of five thousand: after five seconds' grace the answer comes without the rest.
    [Fact]
    public async Task A_body_that_does_not_come_is_given_up()
    {
        var key = await portal.TenantService.CreateApiKeyAsync((await portal.TenantAsync()).Id, "slow", ApiScopes.All);

        var answer = await SendAsync(
            $"POST /api/usage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key.Text}\r\nContent-Type: application/json\r\n"
                + "Content-Length: 5000\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("request_too_slow", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_too_long_is_stopped_and_says_so()
    {
        var (program, _) = await probe.ProgramAsync();

        await IdempotencyTests.AssertProblemAsync(
            await program.GetAsync("/api/probe/endless"), HttpStatusCode.ServiceUnavailable, "request_timed_out");
        Assert.Contains("That took too long", await portal.Browser().GetStringAsync("/status/503"), StringComparison.Ordinal);
        var usual = portal.Services.GetRequiredService<IOptions<RequestTimeoutOptions>>().Value.DefaultPolicy;
        Assert.Equal(TimeSpan.FromSeconds(100), usual!.Timeout);
    }

    [Fact]
    public void Circuits_whose_browser_is_gone_are_kept_in_bounds_and_tell_no_details()
    {
        var circuits = portal.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;

        Assert.Equal(200, circuits.DisconnectedCircuitMaxRetained);
        Assert.False(circuits.DetailedErrors);
    }

    [Fact]
    public async Task Trace_is_not_answered()
    {
        using var trace = new HttpRequestMessage(HttpMethod.Trace, "/sign-in");

        var answer = await portal.Browser().SendAsync(trace);

        Assert.False(answer.IsSuccessStatusCode);
        Assert.DoesNotContain("TRACE", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient program, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await program.PostAsync(path, body);
    }

    // Up to where the server stops answering: below HTTP, because no client sends such things.
    private async Task<string> SendAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(portal.Address.Host, portal.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var reader = new StreamReader(stream);
        var answer = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, patience.Token)) > 0)
        {
            answer.Append(buffer, 0, read);
        }

        return answer.ToString();
    }
}
