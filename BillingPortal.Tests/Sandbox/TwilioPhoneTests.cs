using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>The handset's side: messages that come in, keywords, and what the portal may answer.</summary>
public sealed class TwilioPhoneTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();
    private readonly string _handset = SandboxTwilio.NewHandset();
    private WebhookReceiver _portal = null!;
    private string _number = "";

    private SandboxTwilio Twilio => _sandbox.Twilio;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.StartAsync();
        _portal = await WebhookReceiver.StartAsync();
        _number = await Twilio.OwnNumberAsync(_portal.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_message_from_a_handset_arrives_at_the_numbers_address()
    {
        var body = "<b>Grüße</b> שלום 😀 & more";

        var sid = await WriteAsync(body);

        var webhook = Assert.Single(_portal.Received);
        Assert.Equal("/api/webhooks/twilio/sms", webhook.Path);
        Assert.Equal(
            (sid, _handset, _number, body, "received", "0", "1", "US"),
            (webhook.Form["MessageSid"], webhook.Form["From"], webhook.Form["To"], webhook.Form["Body"],
                webhook.Form["SmsStatus"], webhook.Form["NumMedia"], webhook.Form["NumSegments"],
                webhook.Form["FromCountry"]));
        var found = await Twilio.GetAsync($"Messages/{sid}.json");
        Assert.Equal(("inbound", "received", "-0.00790"),
            (found.Text("direction"), found.Text("status"), found.Text("price")));
    }

    [Fact]
    public async Task A_picture_has_its_address_and_a_longer_sid()
    {
        var sid = await Twilio.WriteAsync(_handset, _number, "Look", "https://pictures.example/1.jpg");
        await _sandbox.WebhooksIdleAsync();

        var webhook = Assert.Single(_portal.Received);
        Assert.StartsWith("MM", sid, StringComparison.Ordinal);
        Assert.Equal(("1", "https://pictures.example/1.jpg", "image/jpeg"),
            (webhook.Form["NumMedia"], webhook.Form["MediaUrl0"], webhook.Form["MediaContentType0"]));
    }

    [Fact]
    public async Task The_portals_answer_becomes_a_message_with_its_own_callbacks()
    {
        var address = new Uri(_portal.Address, "status?message=7&x=y");
        var escaped = address.AbsoluteUri.Replace("&", "&amp;", StringComparison.Ordinal);
        _portal.Answer = (
            $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Response><Message statusCallback="{escaped}">Thanks &amp; bye</Message></Response>
            """, "text/xml");

        await WriteAsync("Hello");

        var talk = await Twilio.ConversationAsync(_number, _handset);
        Assert.Equal(
            [("inbound", "Hello"), ("outbound-reply", "Thanks & bye")], talk.Select(one => (one.Direction, one.Body)));
        Assert.Equal("delivered", talk[1].Status);
        var callbacks = _portal.Received.Where(one => one.Path == "/status").ToList();
        Assert.Equal(["sent", "delivered"], callbacks.Select(one => one.Form["MessageStatus"]));
        Assert.All(callbacks, one => Assert.Equal((talk[1].Sid, address.AbsoluteUri), (one.Form["MessageSid"], one.Url)));
        Assert.Equal(0, await Twilio.SentCountAsync());
        Assert.Empty(await Twilio.AlertsAsync());
    }

    [Theory]
    [InlineData("<Response><Message>one</Message>", "text/xml", 12100)]
    [InlineData("<Reply/>", "text/xml", 12200)]
    [InlineData("<Response><Shout>hey</Shout></Response>", "application/xml", 12200)]
    [InlineData("<Response><Message></Message></Response>", "text/xml", 12200)]
    [InlineData("<!DOCTYPE x [<!ENTITY y \"z\">]><Response>&y;</Response>", "text/xml", 12100)]
    [InlineData("{\"reply\":true}", "application/json", 12300)]
    [InlineData("<Response/>", null, 12300)]
    public async Task A_wrong_answer_is_in_the_debugger(string answer, string? contentType, int code)
    {
        _portal.Answer = (answer, contentType);

        var sid = await WriteAsync("Hello");

        var alert = Assert.Single(await Twilio.AlertsAsync());
        Assert.Equal((code, sid), ((int)alert["errorCode"]!, (string)alert["subject"]!));
        Assert.Single(await Twilio.ConversationAsync(_number, _handset));
    }

    [Theory]
    [InlineData("<Response/>", "text/xml", 0)]
    [InlineData("", null, 0)]
    [InlineData("Plain words", "text/plain", 1)]
    [InlineData("<Response><Message><Body>deep</Body></Message><Message>two</Message></Response>", "text/xml", 2)]
    public async Task A_right_answer_is_not(string answer, string? contentType, int replies)
    {
        _portal.Answer = (answer, contentType);

        await WriteAsync("Hello");

        Assert.Empty(await Twilio.AlertsAsync());
        Assert.Equal(1 + replies, (await Twilio.ConversationAsync(_number, _handset)).Count);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_had_is_11200_and_not_asked_for_again()
    {
        await using var broken = await WebhookReceiver.StartAsync(500, 500);
        var number = await Twilio.OwnNumberAsync(broken.Address);

        await Twilio.WriteAsync(_handset, number, "Hello");
        await _sandbox.WebhooksIdleAsync();

        Assert.Single(broken.Received);
        Assert.Equal(11200, (int)Assert.Single(await Twilio.AlertsAsync())["errorCode"]!);
    }

    [Theory]
    [InlineData("#rc=2&rp=5xx", 3)]
    [InlineData("#rc=0", 1)]
    [InlineData("#rp=all", 2)]
    [InlineData("#rc=9&rp=4xx,5xx", 6)]
    public async Task The_addresss_fragment_says_how_often(string fragment, int attempts)
    {
        await using var broken = await WebhookReceiver.StartAsync([.. Enumerable.Repeat(500, 9)]);

        await Twilio.SendAsync(_number, "+16285550027", "Hello", new Uri(broken.Address, "status" + fragment));
        await _sandbox.WebhooksIdleAsync();

        Assert.Equal(attempts, broken.Received.Count);
        Assert.Single(broken.Received.Select(one => one.Headers["I-Twilio-Idempotency-Token"]).Distinct());
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData(" stopall ")]
    [InlineData("Unsubscribe")]
    [InlineData("cancel")]
    [InlineData("END")]
    [InlineData("quit")]
    [InlineData("REVOKE")]
    [InlineData("optout")]
    public async Task A_stop_word_blocks_the_pair_until_start(string word)
    {
        var other = await Twilio.OwnNumberAsync(_portal.Address);

        await WriteAsync(word);
        Assert.True(await Twilio.IsOptedOutAsync(_number, _handset));
        Assert.Equal(21610, (await Twilio.SendAsync(_number, _handset, "Still there?")).Code);
        Assert.Null((await Twilio.SendAsync(other, _handset, "Another number")).Code);
        Assert.Null((await Twilio.SendAsync(_number, SandboxTwilio.NewHandset(), "Another handset")).Code);
        await WriteAsync("unstop");

        Assert.Null((await Twilio.SendAsync(_number, _handset, "Welcome back")).Code);
        Assert.Equal([word, "unstop"], _portal.Received.Select(one => one.Form["Body"]));
        Assert.All(_portal.Received, one => Assert.DoesNotContain("OptOutType", one.Form.Keys));
        var twilios = (await Twilio.ConversationAsync(_number, _handset)).Where(one => one.IsTwilios).ToList();
        Assert.Equal(2, twilios.Count);
        Assert.Contains("unsubscribed", twilios[0].Body, StringComparison.Ordinal);
        Assert.Contains("re-subscribed", twilios[1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await Twilio.MessagesAsync(from: _number), one => twilios.Exists(own => own.Sid == (string)one["sid"]!));
    }

    [Fact]
    public async Task Help_is_answered_and_blocks_nobody_and_stop_within_a_sentence_is_a_word()
    {
        await WriteAsync("help");
        await WriteAsync("Please stop calling me");

        Assert.False(await Twilio.IsOptedOutAsync(_number, _handset));
        var talk = await Twilio.ConversationAsync(_number, _handset);
        Assert.Equal([false, true, false], talk.Select(one => one.IsTwilios));
    }

    [Fact]
    public async Task With_advanced_opt_out_the_webhook_names_the_keyword()
    {
        await Twilio.AdvanceOptOutAsync();

        await WriteAsync("Quit");
        await WriteAsync("yes");
        await WriteAsync("info");
        await WriteAsync("hello");

        Assert.Equal(
            ["STOP", "START", "HELP", null], _portal.Received.Select(one => one.Form.GetValueOrDefault("OptOutType")));
    }

    [Fact]
    public async Task Whoever_said_stop_gets_no_answer_from_the_portal_either()
    {
        _portal.Answer = ("<Response><Message>Sorry to see you go</Message></Response>", "text/xml");

        await WriteAsync("STOP");

        Assert.Equal(21610, (int)Assert.Single(await Twilio.AlertsAsync())["errorCode"]!);
        Assert.DoesNotContain(
            await Twilio.ConversationAsync(_number, _handset),
            one => one.Body.StartsWith("Sorry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_without_address_keeps_its_messages_to_itself()
    {
        var silent = await Twilio.OwnNumberAsync();

        await Twilio.WriteAsync(_handset, silent, "Hello?");
        await _sandbox.WebhooksIdleAsync();

        Assert.Empty(_portal.Received);
        Assert.Single(await Twilio.ConversationAsync(silent, _handset));
    }

    [Fact]
    public async Task The_next_messages_can_be_told_what_becomes_of_them()
    {
        await Twilio.DecideNextAsync("failed", 30008, count: 1);
        await Twilio.DecideNextAsync("undelivered", 30003, to: _handset);
        await Twilio.SendAsync(_number, SandboxTwilio.NewHandset(), "one", _portal.Address);
        await Twilio.SendAsync(_number, _handset, "two", _portal.Address);
        await Twilio.SendAsync(_number, _handset, "three", _portal.Address);
        await _sandbox.WebhooksIdleAsync();

        var statuses = (await Twilio.MessagesAsync(from: _number)).Select(one => (string)one["status"]!);
        Assert.Equal(["delivered", "undelivered", "failed"], statuses);
    }

    [Fact]
    public async Task A_callback_can_overtake_the_answer()
    {
        await Twilio.OvertakeAnswersAsync();
        await Twilio.TellSendingAsync();

        await Twilio.SendAsync(_number, _handset, "Hello", _portal.Address);

        Assert.Equal(["sending", "sent", "delivered"], _portal.Received.Select(one => one.Form["MessageStatus"]));
    }

    [Fact]
    public async Task Messages_take_their_time_on_the_sandboxs_clock()
    {
        await Twilio.TakeTimeAsync(600, 7200);
        var sent = await Twilio.SendAsync(_number, _handset, "Hello", _portal.Address);
        async Task<string?> StatusAsync()
        {
            await _sandbox.WebhooksIdleAsync();
            return (await Twilio.GetAsync($"Messages/{sent.Sid}.json")).Text("status");
        }

        Assert.Equal("queued", await StatusAsync());
        await _sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(6));
        Assert.Equal("sending", await StatusAsync());
        await _sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(6));
        Assert.Equal("sent", await StatusAsync());
        await _sandbox.AdvanceClockAsync(TimeSpan.FromHours(2));
        Assert.Equal("delivered", await StatusAsync());
        Assert.Equal(["sent", "delivered"], _portal.Received.Select(one => one.Form["MessageStatus"]));
    }

    [Fact]
    public async Task A_clock_that_is_moved_back_strands_no_message()
    {
        await _sandbox.AdvanceClockAsync(TimeSpan.FromDays(400));
        await Twilio.TakeTimeAsync(60, 60);
        var sent = await Twilio.SendAsync(_number, _handset, "Hello");

        await _sandbox.AdvanceClockAsync(TimeSpan.FromDays(-400));
        await _sandbox.WebhooksIdleAsync();
        await _sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(2));
        await _sandbox.WebhooksIdleAsync();

        Assert.Equal("delivered", (await Twilio.GetAsync($"Messages/{sent.Sid}.json")).Text("status"));
    }

    private async Task<string> WriteAsync(string body)
    {
        var sid = await Twilio.WriteAsync(_handset, _number, body);
        await _sandbox.WebhooksIdleAsync();
        return sid;
    }
}
