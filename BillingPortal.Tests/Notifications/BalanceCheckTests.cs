using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Alerts;
using BillingPortal.Tests.Wallet;

namespace BillingPortal.Tests.Notifications;

/// <summary>The check over HTTP, to the letter of what scripts rely on, and the mail that a change of it sends.</summary>
public sealed class BalanceCheckTests(MailPortal portal) : IClassFixture<MailPortal>
{
    private const string Path = "/api/notifications/balance-check";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task The_check_answers_in_the_agreed_shape()
    {
        var (_, client) = await TenantAsync(1_000, used: 0);

        Assert.Equal(
            """{"balance":1000,"threshold":100,"alertLevel":"good","message":"Your balance is good: 1,000 credits """
            + """available.","recommendations":[],"upcomingCosts":{"phoneNumbers":0},"""
            + """ "notifications":{"emailEnabled":true,"lastNotificationSent":null}}"""[1..],
            await client.GetStringAsync(Path));
    }

    [Fact]
    public async Task A_low_balance_is_said_with_what_to_do_and_as_in_the_credits_answer()
    {
        var (_, client) = await TenantAsync(300, used: 210.5m);

        var check = JsonNode.Parse(await client.GetStringAsync(Path))!;
        var credits = JsonNode.Parse(await client.GetStringAsync("/api/credits"))!;

        Assert.Equal(("warning", "warning"), ((string?)check["alertLevel"], (string?)credits["alertLevel"]));
        Assert.Equal(
            "Your balance is low: 89.5 credits available, which is not above your threshold of 100 credits.",
            (string?)check["message"]);
        Assert.Equal(
            [
                "Add 111 credits or more to be back above twice your threshold.",
                "Switch on auto-recharge, and the balance tops itself up before it runs out.",
            ],
            check["recommendations"]!.AsArray().Select(sentence => (string?)sentence));
    }

    [Fact]
    public async Task A_change_keeps_what_it_leaves_out()
    {
        var (_, client) = await TenantAsync(1_000, used: 0);

        await PostAsync(client, new { threshold = 250.5 });
        await PostAsync(client, new { emailNotifications = false });
        var answer = await PostAsync(client, new { notificationEmail = "bills@acme.example" });

        Assert.Equal(("250.5", false), (answer["threshold"]!.ToJsonString(), (bool)answer["notifications"]!["emailEnabled"]!));
        Assert.Contains(
            answer["recommendations"]!.AsArray(),
            sentence => (string?)sentence == "Switch on email notifications to be warned in time.");
        Assert.Equal(answer.ToJsonString(), JsonNode.Parse(await client.GetStringAsync(Path))!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"threshold":0}""")]
    [InlineData("""{"threshold":-1}""")]
    [InlineData("""{"threshold":1e12}""")]
    [InlineData("""{"threshold":1.00001}""")]
    [InlineData("""{"threshold":"much"}""")]
    [InlineData("""{"emailNotifications":"yes"}""")]
    [InlineData("""{"notificationEmail":"nobody"}""")]
    [InlineData("""{"notificationEmail":"a@b.example, c@d.example"}""")]
    [InlineData("""{"notificationEmail":"A <a@b.example>"}""")]
    [InlineData("""{"threshold":50,"notificationEmail":"a@b"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_makes_no_sense_is_refused_whole(string body)
    {
        var (_, client) = await TenantAsync(1_000, used: 0);
        var before = await client.GetStringAsync(Path);

        using var answer = await client.PostAsync(
            Path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.False(string.IsNullOrEmpty((string?)problem["code"]));
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]));
        Assert.Equal(before, await client.GetStringAsync(Path));
    }

    [Fact]
    public async Task Viewers_read_and_only_who_may_pay_changes()
    {
        var tenant = await portal.TenantAsync();
        var viewer = await portal.SignedInAsync(tenant, MemberRole.Viewer);
        var reader = await portal.ProgramAsync(tenant, ApiScopes.Read);

        foreach (var client in new[] { viewer, reader })
        {
            using var read = await client.GetAsync(Path);
            using var write = await client.PostAsJsonAsync(Path, new { threshold = 5 });
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (read.StatusCode, write.StatusCode));
        }
    }

    // 300 credits, 100 used: good at the usual threshold, warning at 250. The mail goes to the address given.
    [Fact]
    public async Task A_threshold_above_the_balance_is_judged_and_mailed_at_once()
    {
        var (tenant, client) = await TenantAsync(300, used: 60);
        var address = $"bills-{tenant.Id:N}@acme.example";
        await portal.PersonAsync(tenant, MemberRole.Owner);

        await PostAsync(client, new { threshold = 250, notificationEmail = address });
        await portal.UntilAsync(tenant, BillingPortal.Alerts.EmailState.Sent, count: 1);

        var mail = Assert.Single(await portal.Sandbox.MailboxAsync(address));
        Assert.Equal("Your balance is low: 240 credits left", mail.Subject);
        Assert.Contains("Add 261 credits or more to be back above twice your threshold.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("/buy", mail.Text, StringComparison.Ordinal);
        Assert.NotNull((string?)JsonNode.Parse(await client.GetStringAsync(Path))!["notifications"]!["lastNotificationSent"]);
    }

    private async Task<(Tenant Tenant, HttpClient Client)> TenantAsync(decimal bought, decimal used)
    {
        var tenant = await portal.TenantAsync();
        Line[] lines = used == 0
            ? [new(Now, Amount.Credits(bought), Service: null)]
            : [new(Now, Amount.Credits(bought), Service: null), new(Now, Amount.Credits(-used))];
        await TestBooks.WriteAsync(portal.Connections, tenant.Id, Unit.Credits, lines);
        return (tenant, await portal.ProgramAsync(tenant));
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsJsonAsync(Path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
