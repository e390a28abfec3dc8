using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Messaging;

/// <summary>The public interface for messages, over real HTTP with a real key.</summary>
public sealed class SmsEndpointsTests(SmsPortal portal) : IClassFixture<SmsPortal>, IAsyncLifetime
{
    private Tenant _tenant = null!;
    private HttpClient _program = null!;
    private string _number = "";

    public async ValueTask InitializeAsync()
    {
        (_tenant, _number) = await TenantAsync(100, Unit.Credits);
        _program = await portal.ProgramAsync(_tenant);
    }

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_message_is_answered_to_the_letter()
    {
        var handset = SandboxTwilio.NewHandset();

        var (status, body) = await SendAsync(new { to = handset, message = "Hello" });

        Assert.Equal(HttpStatusCode.OK, status);
        var sid = (string?)(await portal.Sandbox.Twilio.MessagesAsync(to: handset))[0]["sid"];
        Assert.Equal(
            $$"""{"success":true,"messageSid":"{{sid}}","status":"queued","creditsDeducted":5,"from":"{{_number}}","to":"{{handset}}"}""",
            body.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_the_wallet_plan_what_was_deducted_is_dollars()
    {
        var (tenant, _) = await TenantAsync(1, Unit.Usd);
        using var program = await portal.ProgramAsync(tenant);

        var (_, body) = await SendAsync(new { to = SandboxTwilio.NewHandset(), message = "Hello" }, program);

        Assert.Equal(0.02m, (decimal)body["creditsDeducted"]!);
    }

    [Fact]
    public async Task The_same_key_is_sent_once_and_answered_again_and_another_body_under_it_is_a_conflict()
    {
        var handset = SandboxTwilio.NewHandset();
        var first = await SendAsync(new { to = handset, message = "Hello" }, key: "k");
        var second = await SendAsync(new { to = handset, message = "Hello" }, key: "k");
        var other = await SendAsync(new { to = handset, message = "Bye" }, key: "k");

        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_key_reused"), (other.Status, (string?)other.Body["code"]));
        Assert.Equal(1, await portal.Sandbox.Twilio.SentCountAsync(to: handset));
    }

    [Fact]
    public async Task A_repeat_after_a_lost_answer_never_sends_twice()
    {
        var handset = SandboxTwilio.NewHandset();
        await portal.Sandbox.FaultAsync("timeout_after", "twilio", "Messages");
        var lost = await SendAsync(new { to = handset, message = "Hello" }, key: "k");
        Assert.Equal((HttpStatusCode.BadGateway, "outcome_unknown"), (lost.Status, (string?)lost.Body["code"]));

        await portal.Services.GetRequiredService<BillingPortal.Messaging.SmsSweep>().RunAsync(100);
        var again = await SendAsync(new { to = handset, message = "Hello" }, key: "k");

        Assert.Equal((HttpStatusCode.OK, 5), (again.Status, (int)again.Body["creditsDeducted"]!));
        Assert.Equal(1, await portal.Sandbox.Twilio.SentCountAsync(to: handset));
    }

    [Theory]
    [InlineData("""{"to":"12","message":"Hello"}""", HttpStatusCode.BadRequest, "invalid_to")]
    [InlineData("""{"to":"+14155550123"}""", HttpStatusCode.BadRequest, "empty_message")]
    [InlineData("""{"to":"+14155550123","message":"a","from":"+14155559999"}""", HttpStatusCode.BadRequest, "unknown_number")]
    [InlineData("""{"to":"+491711234567","message":"a"}""", HttpStatusCode.Forbidden, "country_not_allowed")]
    [InlineData("""{"to":"+15005550004","message":"a"}""", HttpStatusCode.Forbidden, "opted_out")]
    [InlineData("""{"to":"+15005550001","message":"a"}""", HttpStatusCode.BadRequest, "refused_by_provider")]
    public async Task Refusals_are_problems_with_a_code_and_leave_the_balance_alone(
        string json, HttpStatusCode status, string code)
    {
        var answer = await SendAsync(JsonNode.Parse(json)!);

        Assert.Equal((status, code), (answer.Status, (string?)answer.Body["code"]));
        Assert.True(((string?)answer.Body["detail"])!.Length > 20);
        Assert.Equal(100, (int)(await _program.GetFromJsonAsync<JsonNode>("/api/credits"))!["available"]!);
    }

    [Fact]
    public async Task Without_credits_it_says_what_there_is_and_what_it_takes()
    {
        var (tenant, _) = await TenantAsync(3, Unit.Credits);
        using var program = await portal.ProgramAsync(tenant);

        var (status, body) = await SendAsync(new { to = SandboxTwilio.NewHandset(), message = "Hello" }, program);

        Assert.Equal(
            (HttpStatusCode.PaymentRequired, "insufficient_balance", 3, 5),
            (status, (string?)body["code"], (int)body["balance"]!, (int)body["required"]!));
    }

    [Fact]
    public async Task A_key_that_may_only_read_cannot_send_and_nobody_can_without_one()
    {
        using var reader = await portal.ProgramAsync(_tenant, ApiScopes.Read);
        using var stranger = portal.Browser();

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(new { to = "x" }, reader)).Status);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(new Uri("/api/sms/stats", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(new { to = "x" }, stranger)).Status);
    }

    // Two delivered, one not: 67 %. Figures equal the entries: 10 for what was sent, 1 for what came in.
    [Fact]
    public async Task Stats_are_to_the_letter_and_equal_the_ledger()
    {
        await SendAsync(new { to = SandboxTwilio.NewHandset(), message = "One" });
        await SendAsync(new { to = SandboxTwilio.NewHandset(), message = "Two" });
        await SendAsync(new { to = "+16285550021", message = "Three" });
        await SendAsync(new { to = "+15005550001", message = "Refused" });
        var inbound = portal.Services.GetRequiredService<BillingPortal.Messaging.InboundSmsService>();
        await inbound.ReceiveAsync(new("SM1", "+16285551234", _number, "Hi", 1, 0, null, "US", TimeProvider.System.GetUtcNow()));
        await SettledAsync();

        var stats = (await _program.GetFromJsonAsync<JsonNode>("/api/sms/stats"))!;

        Assert.Equal(
            """{"sent":3,"received":1,"creditsSpent":11,"successRate":67}""", stats["currentMonth"]!.ToJsonString());
        Assert.Equal("""{"sentCredits":10,"receivedCredits":1}""", stats["breakdown"]!.ToJsonString());
        Assert.Equal(5, stats["recentMessages"]!.AsArray().Count);
        var start = (DateTimeOffset)stats["period"]!["start"]!;
        Assert.Equal((1, TimeSpan.Zero, start.AddMonths(1)), (start.Day, start.TimeOfDay, (DateTimeOffset)stats["period"]!["end"]!));
        Assert.Equal(-11m, await NumberAsync(
            "SELECT sum(amount) FROM reporting.credit_transactions WHERE tenant_id = $1 AND cause_type = 'sms'"));
        Assert.Equal(11m, await NumberAsync("SELECT sum(credits_deducted) FROM reporting.sms_logs WHERE tenant_id = $1"));
        Assert.Equal(89, (int)(await _program.GetFromJsonAsync<JsonNode>("/api/credits"))!["balance"]!);
    }

    // The callbacks come through the portal's own webhook when it is there; here they are looked up.
    private async Task SettledAsync()
    {
        await portal.Sandbox.WebhooksIdleAsync();
        var database = portal.Services.GetRequiredService<Database>();
        await using (var command = database.Ops.CreateCommand("UPDATE sms_messages SET check_at = '-infinity' WHERE check_at IS NOT NULL"))
        {
            await command.ExecuteNonQueryAsync();
        }

        await portal.Services.GetRequiredService<BillingPortal.Messaging.SmsSweep>().RunAsync(100);
    }

    private async Task<decimal> NumberAsync(string sql)
    {
        await using var command = portal.Services.GetRequiredService<Database>().Ops.CreateCommand(sql);
        command.Parameters.Add(new() { Value = _tenant.Id });
        return (decimal)(await command.ExecuteScalarAsync())!;
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(object body, HttpClient? program = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sms/send") { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await (program ?? _program).SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private async Task<(Tenant Tenant, string Number)> TenantAsync(decimal amount, Unit plan)
    {
        var tenant = await portal.TenantAsync(plan);
        var number = await portal.Sandbox.Twilio.OwnNumberAsync(portal.Address);
        var now = TimeProvider.System.GetUtcNow();
        var database = portal.Services.GetRequiredService<Database>();
        await using var unit = await database.BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenant.Id,
            Number = number,
            Country = "US",
            ProviderSid = "PN" + Ids.New().ToString("N"),
            State = PhoneNumberState.Active,
            Unit = plan,
            AnchorDay = 20,
            NextBillingDate = now.AddMonths(1),
            CreatedAt = now,
            AcquiredAt = now,
        });
        await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(unit,
        [
            new Posting
            {
                TenantId = tenant.Id,
                Operation = LedgerOperation.Credit,
                Amount = Amount.Of(amount, plan),
                Kind = EntryKind.Purchase,
                Counter = CounterAccount.CardClearing,
                Key = Ids.New(),
                CauseType = "test",
                OccurredAt = now,
            },
        ]);
        await unit.CommitAsync();
        return (tenant, number);
    }
}

/// <summary>A portal with its sandbox, for all tests of the class.</summary>
public sealed class SmsPortal : PortalHost, IAsyncLifetime
{
    public SandboxFixture Sandbox { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("Sandbox:Url", Sandbox.BaseUri.ToString().TrimEnd('/')), new("Twilio:MaxRetries", "1")];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await Sandbox.StartAsync();
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
