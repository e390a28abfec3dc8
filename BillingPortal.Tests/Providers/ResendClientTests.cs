using BillingPortal.Providers;
using BillingPortal.Providers.Email;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Providers;

/// <summary>One call that sends one email, and which of its faults are worth repeating.</summary>
public sealed class ResendClientTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly HastyClock _clock = new(TimeSpan.FromSeconds(11));

    [Fact]
    public async Task An_email_is_in_the_mailbox_once_however_often_its_key_is_sent()
    {
        using var resend = Client(sandbox.ResendBase);
        var email = Email("once@acme.example");

        var first = await resend.SendAsync(email, "receipt-1");
        var second = await resend.SendAsync(email, "receipt-1");

        Assert.Equal(first, second);
        var mail = Assert.Single(await sandbox.MailboxAsync("once@acme.example"));
        Assert.Equal(("Hello", "<p>Hello</p>", "Hello"), (mail.Subject, mail.Html, mail.Text));
    }

    [Theory]
    [InlineData(400, "validation_error", false)]
    [InlineData(401, "missing_api_key", true)]
    [InlineData(403, "suspended_api_key", true)]
    [InlineData(409, "invalid_idempotent_request", false)]
    [InlineData(422, "invalid_parameter", false)]
    [InlineData(429, "daily_quota_exceeded", true)]
    public async Task A_refusal_is_not_repeated_at_once_and_says_whether_later_is_of_use(
        int status, string name, bool isRetryable)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(status, $$"""{"statusCode":{{status}},"name":"{{name}}","message":"m"}""");
        using var resend = Client(server.Address);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => resend.SendAsync(Email("a@b.example"), "k"));

        Assert.Equal((name, isRetryable), (fault.Code, fault.IsRetryable));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(500, "internal_server_error")]
    [InlineData(409, "concurrent_idempotent_requests")]
    [InlineData(429, "rate_limit_exceeded")]
    public async Task What_passes_soon_is_repeated_under_the_same_key(int status, string name)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(status, $$"""{"statusCode":{{status}},"name":"{{name}}","message":"m"}""", ("Retry-After", "2"))
            .Then(200, """{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}""");
        using var resend = Client(server.Address);

        Assert.Equal("49a3999c-0ce1-4ea6-ab68-afcd6dc2e794", await resend.SendAsync(Email("a@b.example"), "k"));
        Assert.Equal(["k", "k"], server.Requests.Select(request => request.Headers["Idempotency-Key"]));
        Assert.Equal(TimeSpan.FromSeconds(2), Assert.Single(_clock.Waits));
    }

    [Fact]
    public async Task A_user_agent_is_always_sent_and_a_lost_answer_is_an_unknown_outcome()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.ThenBreak();
        using var resend = Client(server.Address);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => resend.SendAsync(Email("a@b.example"), "k"));

        Assert.Equal(("unreachable", true, true), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.All(server.Requests, request =>
            Assert.StartsWith("BillingPortal/", request.Headers["User-Agent"], StringComparison.Ordinal));
    }

    private static OutgoingEmail Email(string to) => new(to, "Hello", "<p>Hello</p>", "Hello", "test");

    private ResendClient Client(Uri apiBase) => new(
        Options.Create(new ResendOptions
        {
            ApiKey = SandboxDefaults.ResendApiKey,
            From = SandboxDefaults.ResendFrom,
            ApiBase = apiBase,
        }),
        _clock, NullLogger<ResendClient>.Instance);
}
