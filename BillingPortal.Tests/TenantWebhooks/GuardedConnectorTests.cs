using System.Net;
using BillingPortal.TenantWebhooks;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Network;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.TenantWebhooks;

/// <summary>Where connections of webhooks end, with a real server on this machine that nobody may reach.</summary>
public sealed class GuardedConnectorTests
{
    private static readonly string Secret = WebhookSignature.NewSecret();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8", "127.0.0.1")] // one bad address among good ones
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_name_that_stands_for_an_inner_address_is_never_connected(params string[] addresses)
    {
        await using var inner = (await ScriptedServer.StartAsync()).Then(200, "secret");

        var result = await SendAsync(new NetworkRules([]), inner.Address.Port, [addresses]);

        Assert.Equal((null, false), (result.Status, result.IsDelivered));
        Assert.Contains("private or reserved", result.Error, StringComparison.Ordinal);
        Assert.Empty(inner.Requests);
    }

    // The first answer is checked and connected to; the second, which would lead elsewhere, is never asked for.
    [Fact]
    public async Task A_name_that_changes_its_answer_gains_nothing()
    {
        await using var allowed = (await ScriptedServer.StartAsync()).Then(200, "ok");

        var result = await SendAsync(
            new NetworkRules(["127.0.0.1/32"]), allowed.Address.Port, [["127.0.0.1"], ["169.254.169.254"]]);

        Assert.Equal((200, true), (result.Status, result.IsDelivered));
        Assert.Single(allowed.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = (await ScriptedServer.StartAsync()).Then(200, "ok");
        await using var server = (await ScriptedServer.StartAsync()).Then(307, "", ("Location", elsewhere.Address.ToString()));

        var result = await SendAsync(new NetworkRules(["127.0.0.1/32"]), server.Address.Port, [["127.0.0.1"]]);

        Assert.Contains("redirect", result.Error, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Of_a_long_answer_a_kilobyte_is_kept_and_no_cookie_comes_back()
    {
        await using var server = (await ScriptedServer.StartAsync()).Then(500, "\0" + new string('x', 100_000), ("Set-Cookie", "a=b"));
        var (rules, port) = (new NetworkRules(["127.0.0.1/32"]), server.Address.Port);

        var result = await SendAsync(rules, port, [["127.0.0.1"], ["127.0.0.1"]], times: 2);

        Assert.Equal(1024, result.Answer!.Length);
        Assert.DoesNotContain('\0', result.Answer);
        Assert.Equal("Answered 500; only 2xx counts as received.", result.Error);
        Assert.All(server.Requests, request => Assert.DoesNotContain("Cookie", request.Headers.Keys));
        Assert.All(server.Requests, request => Assert.DoesNotContain("traceparent", request.Headers.Keys));
    }

    [Fact]
    public async Task A_server_that_stays_silent_ends_the_try()
    {
        await using var server = (await ScriptedServer.StartAsync()).ThenSilence();

        var result = await SendAsync(new NetworkRules(["127.0.0.1/32"]), server.Address.Port, [["127.0.0.1"]]);

        Assert.Equal("No answer within 1 s.", result.Error);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_said_in_words()
    {
        var result = await SendAsync(new NetworkRules([]), 443, [[]]);

        Assert.Equal("The host name could not be found.", result.Error);
    }

    // Each look-up of the name gets the next answer.
    private static async Task<SendResult> SendAsync(NetworkRules rules, int port, string[][] answers, int times = 1)
    {
        var asked = 0;
        var connector = new GuardedConnector(rules)
        {
            Resolve = (_, _) => Task.FromResult(answers[asked++].Select(IPAddress.Parse).ToArray()),
        };
        using var sender = new WebhookSender(connector, TimeProvider.System, new TenantWebhookOptions { TimeoutSeconds = 1 });
        SendResult? result = null;
        for (var i = 0; i < times; i++)
        {
            result = await sender.SendAsync(
                new Uri($"http://rebind.example:{port}/hooks"), "evt_1", "{}", [Secret], TestContext.Current.CancellationToken);
        }

        return result!;
    }
}
