using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Webhooks;

namespace BillingPortal.Tests.Security;

/// <summary>
/// Marked secrets, addresses, numbers and texts, sent through every entrance and into every kind of refusal: none of them comes out in
/// the log, nor anything that looks like its kind.
/// </summary>
public sealed class LogSilenceTests(TwilioPortal portal) : IClassFixture<TwilioPortal>
{
    private const string Words = "Marker-words of a private message";
    private const string Key = "bp_live_ffff0000marker0000ffff0000marker0000";
    private const string Secret = "Marker-Passw0rd-of-nobody";

    [Fact]
    public async Task Nothing_that_is_secret_or_personal_comes_out_in_the_log()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 1000);
        var person = await portal.PersonAsync(tenant, MemberRole.Owner);
        var before = portal.Log.Lines.Count;
        await SignInWronglyAsync(person);
        await ForgetPasswordAsync(person);
        using var program = await portal.ProgramAsync(tenant);
        await SendMessagesAsync(program, number);
        await ReportNonsenseAsync(program);
        await CallWebhooksAsync(number);
        await CallAsStrangersAsync();

        var text = string.Join('\n', portal.Log.Lines);
        Assert.True(portal.Log.Lines.Count > before, "Nothing was logged: the test proves nothing.");
        Assert.Contains("Twilio POST Messages failed", text, StringComparison.Ordinal); // it does not answer here
        Assert.Empty(LogScanner.Scan(text, [Words, Key, Secret, person, number, "15551230001", "2025550123", "marker"]));
    }

    private async Task SignInWronglyAsync(string person)
    {
        var browser = portal.Browser();
        foreach (var (email, password) in ((string, string)[])
            [(person, Secret), ($"marker{person}", Secret), ("marker\0@people.example", Secret), (person, PortalHost.Password)])
        {
            using var answer = await PortalHost.PostFormAsync(
                browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = password });
            Assert.True((int)answer.StatusCode < 500, $"{email}: {answer.StatusCode}");
        }
    }

    private async Task ForgetPasswordAsync(string person)
    {
        foreach (var path in (string[])
            ["/sign-in/reset?code=Marker0123456789", "/invitation/Marker0123456789", "/sign-in/email?code=Marker01234567"])
        {
            using var answer = await portal.Browser().GetAsync(path);
        }

        await PortalHost.PostFormAsync(portal.Browser(), "/sign-in/forgotten", "forgotten", new() { ["Form.Email"] = person });
    }

    private static async Task SendMessagesAsync(HttpClient program, string number)
    {
        foreach (var to in (string[])["+12025550123", "not a number marker", "+1555\\u0000marker"])
        {
            await PostAsync(program, "/api/sms/send", $$"""{"to":"{{to}}","message":"{{Words}}","from":"{{number}}"}""");
        }
    }

    private static async Task ReportNonsenseAsync(HttpClient program)
    {
        foreach (var body in (string[])
        [
            $$"""{"service":"email","quantity":1,"reference_id":"marker-1","metadata":{"to":"marker@people.example","t":"{{Words}}"} }""",
            $$"""{"service":"{{Words}}","quantity":1e400,"reference_id":"marker\u0000"}""",
            $$"""{"service":"email","quantity":1,"reference_id":"marker-\ud800","metadata":{"text":"{{Words}}\u0000"} }""",
            $"{{\"service\":\"{Words}",
            $"[[[[\"{Words}\"]]]]",
        ])
        {
            await PostAsync(program, "/api/usage", body);
            await PostAsync(program, "/api/usage/holds", body);
            await PostAsync(program, "/api/notifications/balance-check", body);
            await PostAsync(program, "/api/stripe/create-payment-intent", body);
        }

        using var answer = await program.GetAsync("/api/credits/transactions?reference=marker%00&kind=marker&cursor=marker");
    }

    private async Task CallWebhooksAsync(string number)
    {
        foreach (var call in (TwilioCall[])
        [
            TwilioPortal.Genuine("/api/webhooks/twilio/sms", TwilioPortal.NewSid("SM"), number).With("Body", Words),
            TwilioPortal.Genuine("/api/webhooks/twilio/sms", TwilioPortal.NewSid("SM"), "+15559990000").With("Body", Words),
            TwilioPortal.Genuine("/api/webhooks/twilio/voice", TwilioPortal.NewSid("CA"), number),
            TwilioPortal.Genuine("/api/webhooks/twilio/sms", TwilioPortal.NewSid("SM"), number) with { Signature = "marker" },
        ])
        {
            await portal.SendAsync(call);
        }

        await portal.Drain.DrainAsync();
        var client = portal.Browser();
        const string body =
            """{"id":"evt_1","type":"charge.refunded","data":{"object":{"id":"ch_1","receipt_email":"marker@people.example"} } }""";
        client.DefaultRequestHeaders.TryAddWithoutValidation(
            "Stripe-Signature", StripeSigner.Header(body, portal.Now, StripeSigner.Secret));
        await PostAsync(client, "/api/stripe/webhooks", body);
    }

    private async Task CallAsStrangersAsync()
    {
        foreach (var token in (string[])[Key, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZXIifQ.bWFya2Vy", Secret])
        {
            using var client = portal.Browser();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            await PostAsync(client, "/api/usage", "{}");
            client.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"billing-portal={Secret}");
            using var cron = await client.GetAsync($"/api/cron/auto-recharge-check?token={Secret}");
        }
    }

    private static async Task PostAsync(HttpClient client, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        Assert.True(status[0] != '5' || path == "/api/sms/send", $"{path} answered {status} to {body}");
    }
}
