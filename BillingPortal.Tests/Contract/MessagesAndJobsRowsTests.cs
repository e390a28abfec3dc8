using System.Net;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Tests.Purchases;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Webhooks;
using static BillingPortal.Tests.Contract.JsonShape;

namespace BillingPortal.Tests.Contract;

/// <summary>The contract's rows on messages, notifications, cron callers and webhooks, called as they are written there.</summary>
public sealed class MessagesAndJobsRowsTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    [Fact]
    public async Task A_message_is_sent()
    {
        var caller = await ContractCaller.WithAsync(portal);
        var (number, handset) = (await caller.NumberAsync(), SandboxTwilio.NewHandset());

        var first = await caller.OkAsync("POST /api/sms/send", $$"""{"to":"{{handset}}","message":"Hello"}""");
        var from = await caller.OkAsync("POST /api/sms/send", $$"""{"to":"{{handset}}","message":"Hello","from":"{{number}}"}""");

        AssertFits("""{"success":true,"messageSid":"","status":"","creditsDeducted":0,"from":"","to":""}""", first);
        Assert.Equal((5, number, handset), (
            first.GetProperty("creditsDeducted").GetDecimal(), from.GetProperty("from").GetString(), from.GetProperty("to").GetString()));
    }

    [Fact]
    public async Task The_month_of_messages_is_counted()
    {
        var caller = await ContractCaller.WithAsync(portal);
        await caller.NumberAsync();
        await caller.OkAsync("POST /api/sms/send", $$"""{"to":"{{SandboxTwilio.NewHandset()}}","message":"Hello"}""");

        var stats = await caller.OkAsync("GET /api/sms/stats");

        AssertFits(
            """
            {"currentMonth":{"sent":0,"received":0,"creditsSpent":0,"successRate":0},
             "breakdown":{"sentCredits":0,"receivedCredits":0},
             "recentMessages":[{"id":"","messageSid":"","direction":"","from":"","to":"","message":"","status":"","errorCode":null,
                                "segments":0,"credits":0,"createdAt":""}],
             "period":{"start":"","end":""}}
            """, stats);
        Assert.Equal(1, stats.GetProperty("currentMonth").GetProperty("sent").GetInt32());
    }

    [Fact]
    public async Task The_balance_check_is_read_and_its_settings_are_saved()
    {
        const string Pattern =
            """
            {"balance":0,"threshold":0,"alertLevel":"","message":"","recommendations":[""],"upcomingCosts":{"phoneNumbers":0},
             "notifications":{"emailEnabled":true,"lastNotificationSent":null}}
            """;
        var caller = await ContractCaller.WithAsync(portal);

        var before = await caller.OkAsync("GET /api/notifications/balance-check");
        var after = await caller.OkAsync(
            "POST /api/notifications/balance-check",
            """{"threshold":150,"emailNotifications":false,"notificationEmail":"billing@acme.example"}""");

        AssertFits(Pattern, before);
        AssertFits(Pattern, after);
        Assert.Equal((100, 150), (before.GetProperty("threshold").GetDecimal(), after.GetProperty("threshold").GetDecimal()));
        Assert.False(after.GetProperty("notifications").GetProperty("emailEnabled").GetBoolean());
    }

    [Fact]
    public async Task The_cron_caller_checks_recharges_and_bills_phone_numbers()
    {
        var cron = (await ContractCaller.WithAsync(portal)).With("sandbox-cron-secret");

        var recharges = await cron.OkAsync("GET /api/cron/auto-recharge-check");
        var rent = await cron.OkAsync("GET /api/cron/monthly-billing");

        AssertFits("""{"message":"","processed":0,"recharged":0,"skipped":0,"failed":0,"timestamp":""}""", recharges);
        Assert.Equal("Auto-recharge check completed", recharges.GetProperty("message").GetString());
        AssertFits(
            """
            {"message":"","billed":0,"suspended":0,"retried":0,"resumed":0,"skipped":0,"failed":0,"kept":0,"timestamp":""}
            """, rent);
    }

    [Theory]
    [InlineData("POST /api/stripe/webhooks")]
    [InlineData("POST /api/stripe/webhook")]
    [InlineData("POST /api/credits/webhook")]
    public async Task Stripe_is_heard_at_all_three_addresses_by_its_signature_alone(string call)
    {
        var caller = await ContractCaller.WithAsync(portal);
        var body = StripeSigner.Event($"evt_{Ids.New():N}");
        var signed = StripeSigner.Header(body, TimeProvider.System.GetUtcNow(), StripeSigner.Secret);

        using var stored = await caller.SendAsync(call, body, [("Stripe-Signature", signed)]);
        using var forged = await caller.SendAsync(call, body, [("Stripe-Signature", "t=1,v1=00")]);

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal("""{"received":true,"duplicate":false}""", await stored.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Theory]
    [InlineData("POST /api/webhooks/twilio/sms")]
    [InlineData("POST /api/webhooks/twilio/status")]
    [InlineData("POST /api/webhooks/twilio/voice")]
    public async Task Twilio_is_heard_by_its_signature_alone(string call)
    {
        var caller = await ContractCaller.WithAsync(portal);
        var path = call.Split(' ')[1];
        var sid = TwilioPortal.NewSid(path.EndsWith("voice", StringComparison.Ordinal) ? "CA" : "SM");
        var genuine = TwilioPortal.Genuine(path, sid);
        var signature = genuine.SignedFor("http://127.0.0.1:5080" + path);

        using var kept = await caller.SendAsync(
            call, genuine.Form, [("X-Twilio-Signature", signature)], "application/x-www-form-urlencoded");
        using var forged = await caller.SendAsync(
            call, genuine.Form, [("X-Twilio-Signature", "AA==")], "application/x-www-form-urlencoded");

        Assert.True(kept.IsSuccessStatusCode, await kept.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Fact]
    public async Task Resend_is_heard_by_its_signature_alone()
    {
        var caller = await ContractCaller.WithAsync(portal);
        var body = SvixSigner.Event("email.delivered");
        var headers = SvixSigner.Headers(
            $"msg_{Ids.New():N}", TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(body), SvixSigner.Secret);

        using var stored = await caller.SendAsync("POST /api/webhooks/resend", body, headers.Select(one => (one.Key, one.Value)));
        using var forged = await caller.SendAsync("POST /api/webhooks/resend", body, [("svix-id", "msg_1")]);

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }
}
