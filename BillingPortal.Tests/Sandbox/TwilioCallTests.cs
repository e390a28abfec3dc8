using System.Net.Http.Json;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Sandbox;

/// <summary>Calls tell how far they are, and can be asked for afterwards.</summary>
public sealed class TwilioCallTests : IAsyncLifetime
{
    private readonly SandboxFixture _sandbox = new();
    private readonly string _handset = SandboxTwilio.NewHandset();
    private WebhookReceiver _portal = null!;
    private string _number = "";

    private SandboxTwilio Twilio => _sandbox.Twilio;

    private IEnumerable<string> Told => _portal.Received.Select(one => one.Form["CallStatus"]);

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
    public async Task A_call_is_told_from_its_first_ring_to_its_length()
    {
        var sid = await CallAsync(_handset, _number, seconds: 61);

        Assert.Equal(["initiated", "ringing", "in-progress", "completed"], Told);
        Assert.Equal(["0", "1", "2", "3"], _portal.Received.Select(one => one.Form["SequenceNumber"]));
        var last = _portal.Received.Last();
        Assert.Equal(
            ("/api/webhooks/twilio/voice", sid, "61", "2", "inbound", _handset, _number),
            (last.Path, last.Form["CallSid"], last.Form["CallDuration"], last.Form["Duration"], last.Form["Direction"],
                last.Form["From"], last.Form["To"]));
        Assert.All(_portal.Received.SkipLast(1), one => Assert.DoesNotContain("CallDuration", one.Form.Keys));
        var call = await Twilio.GetAsync($"Calls/{sid}.json");
        Assert.Equal(("completed", "61", "-0.01700"), (call.Text("status"), call.Text("duration"), call.Text("price")));
        Assert.Equal(20404, (await Twilio.GetAsync("Calls/CA1.json")).Code);
    }

    [Theory]
    [InlineData("busy", 3)]
    [InlineData("no-answer", 3)]
    [InlineData("canceled", 3)]
    [InlineData("failed", 2)]
    public async Task A_call_that_nobody_took_has_no_length(string outcome, int callbacks)
    {
        var sid = await CallAsync(_number, _handset, outcome: outcome);

        Assert.Equal((callbacks, outcome), (_portal.Received.Count, Told.Last()));
        Assert.Equal("0", _portal.Received.Last().Form["CallDuration"]);
        var call = await Twilio.GetAsync($"Calls/{sid}.json");
        Assert.Equal((outcome, "0", null, "outbound-api"),
            (call.Text("status"), call.Text("duration"), call.Text("price"), call.Text("direction")));
    }

    [Fact]
    public async Task Its_sid_and_its_address_can_be_chosen()
    {
        var chosen = SandboxTwilio.NewCallSid();

        var sid = await Twilio.CallAsync(
            _number, _handset, 30, callSid: chosen, statusCallback: new Uri(_portal.Address, "calls?tenant=acme"));
        await _sandbox.WebhooksIdleAsync();

        Assert.Equal(chosen, sid);
        Assert.All(_portal.Received, one => Assert.EndsWith("/calls?tenant=acme", one.Url, StringComparison.Ordinal));
        var again = await _sandbox.Http.PostAsJsonAsync(
            "control/phone/calls", new { from = _number, to = _handset, callSid = chosen });
        Assert.Equal(400, (int)again.StatusCode);
    }

    [Fact]
    public async Task Its_callbacks_come_twice_and_backwards_on_demand()
    {
        await _sandbox.SpoilWebhooksAsync("duplicate", "voice.status.completed");
        await CallAsync(_handset, _number);
        Assert.Equal(["initiated", "ringing", "in-progress", "completed", "completed"], Told);

        _portal.Received.Clear();
        await _sandbox.SpoilWebhooksAsync("reorder", "voice.status.*", count: 4);
        await CallAsync(_handset, _number);
        Assert.Equal(["completed", "in-progress", "ringing", "initiated"], Told);
    }

    [Fact]
    public async Task A_call_that_goes_on_ends_on_the_sandboxs_clock()
    {
        var sid = await CallAsync(_handset, _number, seconds: 3600, goesOn: true);
        Assert.Equal("in-progress", Told.Last());
        Assert.Null((await Twilio.GetAsync($"Calls/{sid}.json")).Text("duration"));

        await _sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(61));
        await _sandbox.WebhooksIdleAsync();

        Assert.Equal(("completed", "3600"), (Told.Last(), _portal.Received.Last().Form["CallDuration"]));
    }

    [Fact]
    public async Task Somebody_may_hang_up_first()
    {
        var sid = await CallAsync(_handset, _number, seconds: 3600, goesOn: true);
        await _sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(10));

        await Twilio.HangUpAsync(sid);
        await Twilio.HangUpAsync(sid);
        await _sandbox.WebhooksIdleAsync();

        Assert.Single(Told, one => one == "completed");
        Assert.InRange(int.Parse((await Twilio.GetAsync($"Calls/{sid}.json")).Text("duration")!, null), 600, 640);
    }

    [Fact]
    public async Task An_incoming_call_asks_the_portal_what_to_do()
    {
        _portal.Answer = ("<Response><Message>no</Message></Response>", "text/xml");
        var number = await Twilio.PostAsync(
            "IncomingPhoneNumbers.json", ("AreaCode", "312"),
            ("VoiceUrl", new Uri(_portal.Address, "answer").AbsoluteUri));

        var sid = await CallAsync(_handset, number.Text("phone_number")!);

        var asked = Assert.Single(_portal.Received);
        Assert.Equal(("/answer", "ringing", sid), (asked.Path, asked.Form["CallStatus"], asked.Form["CallSid"]));
        Assert.Equal(12200, (int)Assert.Single(await Twilio.AlertsAsync())["errorCode"]!);
    }

    private async Task<string> CallAsync(
        string from, string to, int seconds = 60, string outcome = "completed", bool goesOn = false)
    {
        var sid = await Twilio.CallAsync(from, to, seconds, outcome, goesOn: goesOn);
        await _sandbox.WebhooksIdleAsync();
        return sid;
    }
}
