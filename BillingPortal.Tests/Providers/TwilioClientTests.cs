using System.Text.Json.Nodes;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Providers;

/// <summary>What goes over the wire to Twilio, what comes back, and which calls are made again.</summary>
public sealed class TwilioClientTests
{
    private const string Sid = "SM00000000000000000000000000000001";

    private static readonly OutgoingSms Hello =
        new("+15005550006", "+15551230001", "Hello", new Uri("https://portal.example/status?message=1"));

    private readonly HastyClock _clock = new(TimeSpan.FromSeconds(11));

    [Fact]
    public async Task A_message_goes_as_a_form_under_the_accounts_key()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(201, Message("queued"));
        using var twilio = Client(server.Address);

        var sent = await twilio.SendAsync(Hello);

        Assert.Equal(
            new SmsReport(
                Sid, SmsStatus.Queued, "+15005550006", "+15551230001", "Hello", 1, null, null,
                new DateTimeOffset(2026, 11, 20, 12, 30, 45, TimeSpan.Zero), null),
            sent.Message);
        Assert.Null(sent.Refusal);
        var request = Assert.Single(server.Requests);
        Assert.Equal(
            ("POST", $"/2010-04-01/Accounts/{SandboxDefaults.TwilioAccountSid}/Messages.json"),
            (request.Method, request.Path));
        Assert.Equal(
            "To=%2B15551230001&From=%2B15005550006&Body=Hello"
            + "&StatusCallback=https%3A%2F%2Fportal.example%2Fstatus%3Fmessage%3D1",
            request.Body);
        Assert.Equal(
            "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDpzYW5kYm94X3R3aWxpb190b2tlbg==",
            request.Headers["Authorization"]);
    }

    [Theory]
    [InlineData(400, 21211, RefusalKind.InvalidTo)]
    [InlineData(400, 21614, RefusalKind.InvalidTo)]
    [InlineData(400, 21408, RefusalKind.NotPermitted)]
    [InlineData(400, 21610, RefusalKind.OptedOut)]
    [InlineData(400, 21606, RefusalKind.InvalidFrom)]
    [InlineData(400, 21617, RefusalKind.TooLong)]
    [InlineData(429, 21611, RefusalKind.QueueFull)]
    [InlineData(400, 29999, RefusalKind.Other)]
    public async Task A_clear_no_is_a_result_and_is_asked_once(int status, int code, RefusalKind kind)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(status, Error(status, code));
        using var twilio = Client(server.Address);

        var answer = await twilio.SendAsync(Hello);

        Assert.Equal(new TwilioRefusal(code, "In words.", kind), answer.Refusal);
        Assert.Null(answer.Message);
        Assert.Single(server.Requests);
    }

    // A 429 was never processed, so the same send may go again.
    [Fact]
    public async Task Too_many_at_a_time_is_sent_again_after_a_wait()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(429, Error(429, 20429)).Then(429, Error(429, 20429), ("Retry-After", "4"))
            .Then(201, Message("queued"));
        using var twilio = Client(server.Address);

        Assert.Equal(Sid, (await twilio.SendAsync(Hello)).Message!.Sid);

        Assert.Equal(3, server.Requests.Count);
        Assert.All(_clock.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(4)));
        Assert.Contains(TimeSpan.FromSeconds(4), _clock.Waits);
    }

    [Fact]
    public async Task A_limit_that_does_not_end_is_a_fault_with_a_known_outcome()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(429, Error(429, 20429));
        using var twilio = Client(server.Address);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => twilio.SendAsync(Hello));

        Assert.Equal(("20429", true, false), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData("break", "unreachable")]
    [InlineData("silence", "timeout")]
    [InlineData("500", "20500")]
    [InlineData("503", "http_503")]
    [InlineData("page", "http_201")]
    public async Task A_send_that_may_have_happened_is_never_made_again(string fault, string code)
    {
        await using var server = await ScriptedServer.StartAsync();
        _ = fault switch
        {
            "break" => server.ThenBreak(),
            "silence" => server.ThenSilence(),
            "500" => server.Then(500, Error(500, 20500)),
            "page" => server.Then(201, "<html>a proxy's page</html>"),
            _ => server.Then(503, ""),
        };
        using var twilio = Client(server.Address, timeoutSeconds: 2);

        var thrown = await Assert.ThrowsAsync<ProviderException>(() => twilio.SendAsync(Hello));

        Assert.Equal((code, true, true), (thrown.Code, thrown.IsRetryable, thrown.IsOutcomeUnknown));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_and_its_outcome_is_known()
    {
        Uri nobody;
        await using (var server = await ScriptedServer.StartAsync())
        {
            nobody = server.Address;
        }

        using var twilio = Client(nobody);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => twilio.SendAsync(Hello));

        Assert.Equal(("unreachable", true, false), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.Equal(3, _clock.Waits.Count);
    }

    [Fact]
    public async Task Wrong_keys_are_a_fault_that_a_person_heals()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(401, Error(401, 20003));
        using var twilio = Client(server.Address);

        var fault = await Assert.ThrowsAsync<ProviderException>(() => twilio.SendAsync(Hello));

        Assert.Equal(("20003", true, false), (fault.Code, fault.IsRetryable, fault.IsOutcomeUnknown));
        Assert.DoesNotContain("sandbox_twilio_token", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_is_repeated_whatever_went_wrong()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500, "").ThenBreak().Then(200, Message("delivered", price: "-0.00750"));
        using var twilio = Client(server.Address);

        var message = await twilio.FindMessageAsync(Sid);

        Assert.Equal((SmsStatus.Delivered, 0.0075m), (message!.Status, message.PriceUsd));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_released_already_is_released()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(404, Error(404, 20404));
        using var twilio = Client(server.Address);

        Assert.Null(await twilio.FindMessageAsync(Sid));
        Assert.Null(await twilio.FindCallAsync("CA1"));
        Assert.Null(await twilio.FindNumberAsync("+15005550006"));
        Assert.Empty(await twilio.SearchNumbersAsync(new NumberSearch("XX", null, null, 20)));
        await twilio.ReleaseNumberAsync("PN1");
        Assert.Equal("DELETE", server.Requests.Last().Method);
        await Assert.ThrowsAsync<ProviderException>(() => twilio.SetNumberUrlsAsync("PN1", null, null));
    }

    [Fact]
    public async Task A_list_is_followed_over_its_pages_until_it_is_older_than_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, Page("/2010-04-01/Accounts/AC1/Messages.json?From=%2B1&Page=1&PageToken=PASM1", "12:30:45"))
            .Then(200, Page("/2010-04-01/Accounts/AC1/Messages.json?Page=2", "12:00:00", "09:00:00"));
        using var twilio = Client(new Uri(server.Address, "/twilio"));

        var messages = await twilio.ListMessagesAsync(
            "+15005550006", "+15551230001", new DateTimeOffset(2026, 11, 20, 11, 0, 0, TimeSpan.Zero));

        Assert.Equal([12 * 60 + 30, 12 * 60], messages.Select(message => (int)message.CreatedAt.TimeOfDay.TotalMinutes));
        Assert.Equal(2, server.Requests.Count);
        Assert.EndsWith(
            "/Messages.json?From=%2B15005550006&To=%2B15551230001&PageSize=100", server.Requests.First().Path,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "/Messages.json?From=%2B1&Page=1&PageToken=PASM1", server.Requests.Last().Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sms", "voice")]
    [InlineData("SMS", "Voice")]
    public async Task A_number_is_bought_with_its_addresses_and_capabilities_are_read_in_any_spelling(
        string sms, string voice)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(201, Number(sms, voice)).Then(400, Error(400, 21422)).Then(200, Number(sms, voice));
        using var twilio = Client(server.Address);
        var buy = new BuyNumber("+14155550123", new Uri("https://p.example/sms"), new Uri("https://p.example/voice"));

        var bought = (await twilio.BuyNumberAsync(buy)).Number!;
        var taken = await twilio.BuyNumberAsync(buy);
        await twilio.SetNumberUrlsAsync(bought.Sid, null, null);

        Assert.Equal(new NumberCapabilities(Sms: true, Voice: true, Mms: false), bought.Capabilities);
        Assert.Equal(RefusalKind.NotAvailable, taken.Refusal!.Kind);
        Assert.Equal(
            "PhoneNumber=%2B14155550123&SmsUrl=https%3A%2F%2Fp.example%2Fsms&VoiceUrl=https%3A%2F%2Fp.example%2Fvoice"
            + "&StatusCallback=https%3A%2F%2Fp.example%2Fvoice",
            server.Requests.First().Body);
        Assert.Equal("SmsUrl=&VoiceUrl=&StatusCallback=", server.Requests.Last().Body);
    }

    [Fact]
    public async Task A_calls_duration_is_text_in_seconds()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(200, """
            {"sid":"CA1","status":"completed","from":"+1","to":"+2","direction":"inbound","duration":"61","price":"-0.02",
             "price_unit":"USD","start_time":"Fri, 20 Nov 2026 12:30:45 +0000","end_time":null}
            """);
        using var twilio = Client(server.Address);

        var call = await twilio.FindCallAsync("CA1");

        Assert.Equal((CallStatus.Completed, 61, 0.02m), (call!.Status, call.DurationSeconds, call.PriceUsd));
    }

    private TwilioClient Client(Uri apiBase, double timeoutSeconds = 30) => new(
        Options.Create(new TwilioOptions
        {
            AccountSid = SandboxDefaults.TwilioAccountSid,
            AuthToken = SandboxDefaults.TwilioAuthToken,
            ApiBase = apiBase,
            TimeoutSeconds = timeoutSeconds,
        }),
        _clock, NullLogger<TwilioClient>.Instance);

    private static string Error(int status, int code) => new JsonObject
    {
        ["code"] = code,
        ["message"] = "In words.",
        ["more_info"] = $"https://www.twilio.com/docs/errors/{code}",
        ["status"] = status,
    }.ToJsonString();

    private static string Message(string status, string? price = null, string time = "12:30:45") => new JsonObject
    {
        ["sid"] = Sid,
        ["status"] = status,
        ["from"] = "+15005550006",
        ["to"] = "+15551230001",
        ["body"] = "Hello",
        ["num_segments"] = "1",
        ["price"] = price,
        ["price_unit"] = "USD",
        ["error_code"] = null,
        ["date_created"] = $"Fri, 20 Nov 2026 {time} +0000",
        ["date_sent"] = null,
    }.ToJsonString();

    private static string Page(string next, params string[] times) =>
        $$"""{"messages":[{{string.Join(',', times.Select(time => Message("sent", time: time)))}}],"next_page_uri":"{{next}}"}""";

    private static string Number(string sms, string voice) =>
        $$$"""
        {"sid":"PN1","phone_number":"+14155550123","friendly_name":"(415) 555-0123","sms_url":"https://p.example/sms",
         "voice_url":"","status_callback":"","capabilities":{"{{{sms}}}":true,"{{{voice}}}":true,"mms":false},
         "date_created":"Fri, 20 Nov 2026 12:30:45 +0000"}
        """;
}
