using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Resend: mail is kept, keys are honoured, refusals have Resend's names.</summary>
public sealed class ResendTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();

    public async ValueTask InitializeAsync() => await _sandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_repeat_under_the_same_key_sends_once()
    {
        var (_, first) = await SendAsync(Mail(), key: "balance-low/acme");
        var (_, second) = await SendAsync(Mail(), key: "balance-low/acme");
        var (status, other) = await SendAsync(Mail(subject: "Another"), key: "balance-low/acme");

        Assert.Equal((string)first["id"]!, (string)second["id"]!);
        Assert.Equal((HttpStatusCode.Conflict, "invalid_idempotent_request"), (status, (string)other["name"]!));
        var kept = Assert.Single(await _sandbox.MailboxAsync("owner@acme.example"));
        Assert.Equal(("Low balance", "<p>Hello</p>", "delivered"), (kept.Subject, kept.Html, kept.LastEvent));
    }

    [Fact]
    public async Task Of_two_at_once_one_gets_409()
    {
        await _sandbox.FaultAsync("slow", "resend", milliseconds: 400);

        var both = await Task.WhenAll(SendAsync(Mail(), key: "k"), SendAsync(Mail(), key: "k"));

        var loser = Assert.Single(both, one => one.Status == HttpStatusCode.Conflict);
        Assert.Equal("concurrent_idempotent_requests", (string)loser.Body["name"]!);
        Assert.Single(await _sandbox.MailboxAsync());
    }

    [Fact]
    public async Task Refusals_have_names()
    {
        Assert.Equal("missing_api_key", await NameAsync(Mail(), authorization: null));
        Assert.Equal("invalid_api_key", await NameAsync(Mail(), authorization: "Bearer re_wrong"));
        Assert.Equal("missing_required_field", await NameAsync(Mail(subject: "")));
        Assert.Equal("invalid_from_address", await NameAsync(Mail(from: "nobody")));
        Assert.Equal("validation_error", await NameAsync(Mail(to: "not an address")));
        Assert.Equal("invalid_idempotency_key", await NameAsync(Mail(), key: new string('x', 257)));
        var (status, body) = await SendAsync(Mail(), agent: null);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("1010", (string)body["message"]!, StringComparison.Ordinal);
        await _sandbox.FaultAsync("rate_limit", "resend");
        Assert.Equal("rate_limit_exceeded", await NameAsync(Mail()));
        Assert.Empty(await _sandbox.MailboxAsync());
    }

    [Fact]
    public async Task A_batch_is_all_or_nothing()
    {
        var good = await PostAsync("batch", new JsonArray(Mail(), Mail(to: "second@acme.example")));
        var bad = await PostAsync("batch", new JsonArray(Mail(), Mail(to: "nobody")));

        Assert.Equal(2, good["data"]!.AsArray().Count);
        Assert.Equal("validation_error", (string)bad["name"]!);
        Assert.Equal(2, (await _sandbox.MailboxAsync()).Count);
    }

    [Theory]
    [InlineData("bounced@resend.dev", "bounced")]
    [InlineData("complained+acme@resend.dev", "complained")]
    [InlineData("delivered@resend.dev", "delivered")]
    [InlineData("suppressed@acme.example", "suppressed")]
    [InlineData("owner@acme.example", "delivered")]
    public async Task Test_addresses_decide_what_becomes_of_a_mail_and_the_webhook_tells_it(string to, string fate)
    {
        await using var portal = await WebhookReceiver.StartAsync();
        await _sandbox.SendWebhooksToAsync(portal.Address, resend: true);

        var (_, sent) = await SendAsync(Mail(to: to));
        await _sandbox.WebhooksIdleAsync();

        var webhook = Assert.Single(portal.Received, one =>
            one.Body.Contains($"email.{fate}", StringComparison.Ordinal));
        Assert.Equal("/api/webhooks/resend", webhook.Path);
        Assert.Equal((string)sent["id"]!, (string)JsonNode.Parse(webhook.Body)!["data"]!["email_id"]!);
        var signed = $"{webhook.Headers["svix-id"]}.{webhook.Headers["svix-timestamp"]}.{webhook.Body}";
        var key = Convert.FromBase64String("c2FuZGJveC1yZXNlbmQtd2ViaG9vay1zZWNyZXQ=");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        Assert.Equal(expected, webhook.Headers["svix-signature"]);
        Assert.Equal(fate, Assert.Single(await _sandbox.MailboxAsync()).LastEvent);
    }

    [Theory]
    [InlineData("bounced", "bounce")]
    [InlineData("complained", "complaint")]
    public async Task An_address_that_failed_is_suppressed_until_it_is_taken_off_the_list(string what, string origin)
    {
        await using var portal = await WebhookReceiver.StartAsync();
        var (_, first) = await SendAsync(Mail(to: "Owner <Owner@acme.example>"));
        await _sandbox.SendWebhooksToAsync(portal.Address, resend: true);

        await _sandbox.HappenToEmailAsync((string)first["id"]!, what);
        await SendAsync(Mail());
        await _sandbox.WebhooksIdleAsync();
        Assert.Equal(
            [$"email.{what}", "email.suppressed"],
            portal.Received.Select(one => (string)JsonNode.Parse(one.Body)!["type"]!).Order());
        Assert.Equal("suppressed", (await _sandbox.MailboxAsync())[0].LastEvent);

        var list = (await _sandbox.Http.GetFromJsonAsync<JsonArray>("control/suppressions"))!;
        Assert.Equal(
            ("owner@acme.example", origin), ((string)Assert.Single(list)!["id"]!, (string)list[0]!["origin"]!));
        using var lifted = await _sandbox.Http.DeleteAsync(new Uri("control/suppressions/owner@acme.example", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        await SendAsync(Mail());
        Assert.Equal("delivered", (await _sandbox.MailboxAsync())[0].LastEvent);
    }

    [Fact]
    public async Task The_test_addresses_do_the_same_every_time()
    {
        await SendAsync(Mail(to: "bounced@resend.dev"));
        await SendAsync(Mail(to: "bounced@resend.dev"));

        Assert.All(await _sandbox.MailboxAsync(), one => Assert.Equal("bounced", one.LastEvent));
    }

    private async Task<string> NameAsync(
        JsonObject mail, string? authorization = "Bearer re_sandbox", string? key = null) =>
        (string)(await SendAsync(mail, authorization, key)).Body["name"]!;

    private async Task<JsonObject> PostAsync(string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "resend/emails/" + path);
        request.Content = JsonContent.Create(body);
        request.Headers.Add("Authorization", "Bearer re_sandbox");
        request.Headers.Add("User-Agent", "portal");
        using var response = await _sandbox.Http.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(
        JsonObject mail, string? authorization = "Bearer re_sandbox", string? key = null, string? agent = "portal")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "resend/emails");
        request.Content = JsonContent.Create(mail);
        (string, string?)[] headers =
            [("Authorization", authorization), ("Idempotency-Key", key), ("User-Agent", agent)];
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _sandbox.Http.SendAsync(request);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    private static JsonObject Mail(
        string from = "Billing <billing@portal.example>", string to = "owner@acme.example",
        string subject = "Low balance") =>
        new() { ["from"] = from, ["to"] = to, ["subject"] = subject, ["html"] = "<p>Hello</p>" };
}
