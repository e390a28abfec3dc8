using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Messages are taken, refused, counted in segments and told of as Twilio does.</summary>
public sealed class TwilioMessageTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();
    private string _number = "";

    private SandboxTwilio Twilio => _sandbox.Twilio;

    public async ValueTask InitializeAsync()
    {
        await _sandbox.StartAsync();
        _number = await Twilio.OwnNumberAsync();
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_message_is_queued_first_and_delivered_and_priced_later()
    {
        var sent = await Twilio.SendAsync(_number, "(628) 555-9001", "Hello");
        await _sandbox.WebhooksIdleAsync();
        var later = await Twilio.GetAsync($"Messages/{sent.Sid}.json");

        Assert.Equal(HttpStatusCode.Created, sent.Status);
        Assert.Matches("^SM[0-9a-f]{32}$", sent.Sid);
        Assert.Equal(
            ("queued", "+16285559001", "1", "0", "outbound-api"),
            (sent.Text("status"), sent.Text("to"), sent.Text("num_segments"), sent.Text("num_media"),
                sent.Text("direction")));
        Assert.Null(sent.Json["price"]);
        Assert.Null(sent.Json["date_sent"]);
        Assert.Matches("^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 2[0-9]{3} [0-9:]{8} \\+0000$", sent.Text("date_created"));
        Assert.Equal(("delivered", "-0.00790"), (later.Text("status"), later.Text("price")));
        Assert.NotNull(later.Text("date_sent"));
    }

    [Theory]
    [InlineData("To", "+15005550001", 21211)]
    [InlineData("To", "+15005550002", 21612)]
    [InlineData("To", "+15005550003", 21408)]
    [InlineData("To", "+15005550004", 21610)]
    [InlineData("To", "+15005550009", 21614)]
    [InlineData("To", "12", 21211)]
    [InlineData("To", "", 21604)]
    [InlineData("From", "+15005550001", 21212)]
    [InlineData("From", "+15005550007", 21606)]
    [InlineData("From", "+15005550008", 21611)]
    [InlineData("From", "+14155550199", 21606)]
    [InlineData("From", "", 21603)]
    [InlineData("Body", "", 21602)]
    [InlineData("StatusCallback", "not an address", 21609)]
    [InlineData("MessagingServiceSid", "MG1", 21701)]
    public async Task Refusals_have_numbers(string parameter, string value, int code)
    {
        var parameters = new Dictionary<string, string>
        {
            ["From"] = _number,
            ["To"] = SandboxTwilio.NewHandset(),
            ["Body"] = "Hello",
            [parameter] = value,
        };

        var reply = await Twilio.PostAsync("Messages.json", [.. parameters.Select(one => (one.Key, one.Value))]);

        Assert.Equal((HttpStatusCode.BadRequest, code), (reply.Status, reply.Code));
        Assert.Equal($"https://www.twilio.com/docs/errors/{code}", reply.Text("more_info"));
        Assert.Equal(400, (int)reply.Json["status"]!);
        Assert.Equal(0, await Twilio.SentCountAsync());
    }

    [Fact]
    public async Task The_magic_sender_needs_no_buying() => Assert.Equal(
        HttpStatusCode.Created, (await Twilio.SendAsync("+15005550006", SandboxTwilio.NewHandset(), "Hello")).Status);

    [Theory]
    [InlineData("A", 160, "1")]
    [InlineData("A", 161, "2")]
    [InlineData("A", 307, "3")]
    [InlineData("€", 80, "1")]
    [InlineData("€", 81, "2")]
    [InlineData("€", 152, "2")]
    [InlineData("€", 153, "3")]
    [InlineData("ж", 70, "1")]
    [InlineData("ж", 71, "2")]
    [InlineData("😀", 35, "1")]
    [InlineData("😀", 66, "2")]
    [InlineData("😀", 67, "3")]
    [InlineData("A", 1600, "11")]
    [InlineData("😀", 800, "25")]
    public async Task Segments_follow_the_alphabet(string letter, int times, string segments)
    {
        var body = string.Concat(Enumerable.Repeat(letter, times));

        var sent = await Twilio.SendAsync(_number, SandboxTwilio.NewHandset(), body);

        Assert.Equal((segments, body), (sent.Text("num_segments"), sent.Text("body")));
    }

    [Theory]
    [InlineData("A", 1601)]
    [InlineData("😀", 801)]
    public async Task More_than_1600_characters_are_refused(string letter, int times) => Assert.Equal(
        21617,
        (await Twilio.SendAsync(_number, "+16285559002", string.Concat(Enumerable.Repeat(letter, times)))).Code);

    [Fact]
    public async Task Status_callbacks_come_in_order_signed_over_the_exact_address()
    {
        await using var portal = await WebhookReceiver.StartAsync();
        var address = new Uri(portal.Address, "api/webhooks/twilio/status?message=1&b=%C3%BC%20x");

        var sent = await Twilio.SendAsync(_number, "+16285550022", "Grüße & mehr", address);
        await _sandbox.WebhooksIdleAsync();

        Assert.Equal(["sent", "failed"], portal.Received.Select(one => one.Form["MessageStatus"]));
        var last = portal.Received.Last();
        Assert.Equal(
            (sent.Sid, sent.Sid, "failed", "30007", _number, "+16285550022", SandboxTwilio.AccountSid),
            (last.Form["MessageSid"], last.Form["SmsSid"], last.Form["SmsStatus"], last.Form["ErrorCode"],
                last.Form["From"], last.Form["To"], last.Form["AccountSid"]));
        Assert.Equal(Signature(address.AbsoluteUri, last.Form), last.Headers["X-Twilio-Signature"]);
        var found = await Twilio.GetAsync($"Messages/{sent.Sid}.json");
        Assert.Equal((30007, "Message filtered"), ((int)found.Json["error_code"]!, found.Text("error_message")));
        Assert.Null(found.Json["price"]);
    }

    [Theory]
    [InlineData("0021", "undelivered", 30003)]
    [InlineData("0022", "failed", 30007)]
    [InlineData("0023", "undelivered", 30006)]
    [InlineData("0024", "undelivered", 30005)]
    [InlineData("0025", "failed", 30008)]
    [InlineData("0026", "undelivered", 30034)]
    [InlineData("0027", "sent", null)]
    public async Task Test_numbers_fail_on_the_way(string ending, string status, int? error)
    {
        var sent = await Twilio.SendAsync(_number, "+4915112340" + ending, "Hello");
        await _sandbox.WebhooksIdleAsync();
        var found = await Twilio.GetAsync($"Messages/{sent.Sid}.json");

        Assert.Equal((status, error), (found.Text("status"), (int?)found.Json["error_code"]));
    }

    [Fact]
    public async Task Callbacks_are_dropped_doubled_and_reordered_on_demand()
    {
        await using var portal = await WebhookReceiver.StartAsync();
        async Task<List<string>> StatusesAsync()
        {
            portal.Received.Clear();
            await Twilio.SendAsync(_number, SandboxTwilio.NewHandset(), "Hello", portal.Address);
            await _sandbox.WebhooksIdleAsync();
            return [.. portal.Received.Select(one => one.Form["MessageStatus"])];
        }

        await _sandbox.SpoilWebhooksAsync("drop", "sms.status.delivered");
        Assert.Equal(["sent"], await StatusesAsync());
        await _sandbox.SpoilWebhooksAsync("duplicate", "sms.status.delivered");
        Assert.Equal(["sent", "delivered", "delivered"], await StatusesAsync());
        Assert.Single(portal.Received.Skip(1).Select(one => one.Headers["I-Twilio-Idempotency-Token"]).Distinct());
        await _sandbox.SpoilWebhooksAsync("reorder", "sms.status.*", count: 2);
        Assert.Equal(["delivered", "sent"], await StatusesAsync());
    }

    [Fact]
    public async Task A_callback_is_repeated_once_when_nobody_could_be_reached_and_never_when_it_was_refused()
    {
        await using var portal = await WebhookReceiver.StartAsync(500);
        await Twilio.SendAsync(_number, "+16285550027", "Hello", portal.Address);
        await _sandbox.WebhooksIdleAsync();
        Assert.Single(portal.Received);

        var nobody = new Uri("http://127.0.0.1:9/");
        await Twilio.SendAsync(_number, "+16285550027", "Hello", nobody);
        await _sandbox.WebhooksIdleAsync();
        var delivery = (await _sandbox.DeliveriesAsync())[0]!;
        Assert.Equal(("failed", 2), ((string)delivery["state"]!, (int)delivery["attempts"]!));
    }

    [Fact]
    public async Task Messages_are_found_by_sender_recipient_day_and_page()
    {
        var handset = SandboxTwilio.NewHandset();
        for (var i = 0; i < 5; i++)
        {
            await Twilio.SendAsync(_number, handset, $"No. {i}");
        }

        await Twilio.SendAsync(_number, SandboxTwilio.NewHandset(), "Somebody else");
        var first = await Twilio.GetAsync($"Messages.json?PageSize=2&To={Uri.EscapeDataString(handset)}");
        var second = await Twilio.GetAsync(first.Text("next_page_uri")!);
        var third = await Twilio.GetAsync(second.Text("next_page_uri")!);

        Assert.Equal(["No. 4", "No. 3"], Bodies(first));
        Assert.Equal(["No. 2", "No. 1"], Bodies(second));
        Assert.Equal(["No. 0"], Bodies(third));
        Assert.Null(third.Json["next_page_uri"]);
        var now = TimeProvider.System.GetUtcNow();
        var hourAgo = now.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Assert.Equal(6, Bodies(await Twilio.GetAsync($"Messages.json?DateSent={now:yyyy-MM-dd}")).Count);
        Assert.Equal(6, Bodies(await Twilio.GetAsync($"Messages.json?DateSent%3E={hourAgo}")).Count);
        Assert.Empty(Bodies(await Twilio.GetAsync($"Messages.json?DateSent%3C={hourAgo}")));
        Assert.Empty(Bodies(await Twilio.GetAsync($"Messages.json?From={Uri.EscapeDataString(handset)}")));
    }

    [Fact]
    public async Task Strangers_and_unknown_things_are_turned_away()
    {
        using var stranger = new SandboxTwilio(_sandbox.BaseUri, "wrong");
        var unknown = await Twilio.GetAsync("Messages/SM00000000000000000000000000000000.json");

        Assert.Equal(20003, (await stranger.SendAsync(_number, SandboxTwilio.NewHandset(), "Hello")).Code);
        Assert.Equal((HttpStatusCode.NotFound, 20404), (unknown.Status, unknown.Code));
        Assert.Equal(20404, (await Twilio.GetAsync("Nothing.json")).Code);
        Assert.Equal(20404, (await Twilio.GetAsync("/2010-04-01/Accounts/AC1/Messages.json")).Code);
    }

    [Fact]
    public async Task Faults_do_what_they_say()
    {
        var handset = SandboxTwilio.NewHandset();
        await _sandbox.FaultAsync("rate_limit", "twilio");
        var refused = await Twilio.SendAsync(_number, handset, "never");
        await _sandbox.FaultAsync("error", "twilio");
        var failed = await Twilio.SendAsync(_number, handset, "never");
        Assert.Equal(0, await Twilio.SentCountAsync(to: handset));

        await _sandbox.FaultAsync("error_after", "twilio");
        var doubtful = await Twilio.SendAsync(_number, handset, "sent after all");
        await _sandbox.FaultAsync("timeout_after", "twilio");
        await Assert.ThrowsAsync<HttpRequestException>(() => Twilio.SendAsync(_number, handset, "sent unheard"));
        await _sandbox.WebhooksIdleAsync();

        Assert.Equal(
            [(429, 20429), (500, 20500), (500, 20500)],
            new[] { refused, failed, doubtful }.Select(one => ((int)one.Status, one.Code!.Value)));
        var sent = await Twilio.MessagesAsync(to: handset);
        Assert.Equal(["sent unheard", "sent after all"], sent.Select(one => (string)one["body"]!));
        Assert.All(sent, one => Assert.Equal("delivered", (string)one["status"]!));
    }

    private static List<string> Bodies(TwilioReply list) =>
        [.. list.Json["messages"]!.AsArray().Select(one => (string)one!["body"]!)];

    private static string Signature(string url, IReadOnlyDictionary<string, string> form)
    {
        var text = url + string.Concat(
            form.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Key + one.Value));
#pragma warning disable CA5350 // Twilio's signatures are HMAC-SHA1
        var hash = HMACSHA1.HashData("sandbox_twilio_token"u8.ToArray(), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }
}
