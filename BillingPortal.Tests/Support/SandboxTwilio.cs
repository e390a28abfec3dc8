using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BillingPortal.Tests.Support;

/// <summary>Raw calls to the sandbox's Twilio, as a test makes them beside the portal, and the handset's side.</summary>
public sealed class SandboxTwilio(Uri sandbox, string token = "sandbox_twilio_token") : IDisposable
{
    public const string AccountSid = "AC00000000000000000000000000000000";

    private static int _lastNumber = 1000;

    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(sandbox, $"twilio/2010-04-01/Accounts/{AccountSid}/"),
    };

    private readonly HttpClient _control = new() { BaseAddress = new Uri(sandbox, "control/") };

    /// <summary>A person's number that no other test of this run uses and whose messages are delivered.</summary>
    public static string NewHandset() => NewNumber("+1628555");

    public Task<TwilioReply> PostAsync(string path, params (string Name, string Value)[] parameters) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(parameters.Select(one => KeyValuePair.Create(one.Name, one.Value))),
        });

    /// <param name="path">Below the account; a next_page_uri of a list is taken as well.</param>
    public Task<TwilioReply> GetAsync(string path) => SendAsync(new HttpRequestMessage(
        HttpMethod.Get, path.StartsWith('/') ? new Uri(sandbox, "twilio" + path) : new Uri(path, UriKind.Relative)));

    public Task<TwilioReply> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    /// <summary>Buys a number; with a portal its messages and calls go there.</summary>
    public async Task<string> OwnNumberAsync(Uri? portal = null, string? phoneNumber = null)
    {
        List<(string, string)> parameters = [("PhoneNumber", phoneNumber ?? NewNumber("+1415555"))];
        if (portal is not null)
        {
            parameters.Add(("SmsUrl", new Uri(portal, "api/webhooks/twilio/sms").ToString()));
            parameters.Add(("StatusCallback", new Uri(portal, "api/webhooks/twilio/voice").ToString()));
        }

        var bought = await PostAsync("IncomingPhoneNumbers.json", [.. parameters]);
        Assert.True(bought.Status == HttpStatusCode.Created, bought.Body);
        return bought.Text("phone_number")!;
    }

    public Task<TwilioReply> SendAsync(string from, string to, string body, Uri? statusCallback = null) =>
        PostAsync("Messages.json", statusCallback is null
            ? [("From", from), ("To", to), ("Body", body)]
            : [("From", from), ("To", to), ("Body", body), ("StatusCallback", statusCallback.AbsoluteUri)]);

    /// <summary>Messages as Twilio lists them, newest first; a thousand at most.</summary>
    public async Task<IReadOnlyList<JsonObject>> MessagesAsync(string? from = null, string? to = null)
    {
        var list = await GetAsync($"Messages.json?PageSize=1000&From={Escape(from)}&To={Escape(to)}");
        return [.. list.Json["messages"]!.AsArray().Select(one => one!.AsObject())];
    }

    /// <summary>The person at the handset writes; returns the message's SID.</summary>
    public async Task<string> WriteAsync(string handset, string number, string body, params string[] media) =>
        (string)(await ControlAsync("messages", new { from = handset, to = number, body, media }))["sid"]!;

    /// <summary>What the handset shows with this number, oldest first, Twilio's own replies included.</summary>
    public async Task<IReadOnlyList<HandsetMessage>> ConversationAsync(string number, string handset)
    {
        var phone = await PhoneAsync(number, handset);
        return phone["messages"].Deserialize<List<HandsetMessage>>(JsonSerializerOptions.Web)!;
    }

    public async Task<bool> IsOptedOutAsync(string number, string handset) =>
        (bool)(await PhoneAsync(number, handset))["isOptedOut"]!;

    /// <summary>Complaints of Twilio's debugger, newest first: <c>errorCode</c>, <c>text</c>, <c>subject</c>.</summary>
    public async Task<IReadOnlyList<JsonNode>> AlertsAsync() =>
        [.. (await PhoneAsync("", ""))["alerts"]!.AsArray().Select(one => one!)];

    /// <summary>A call that is over at once, its length behind it; returns its SID.</summary>
    /// <param name="outcome">completed, busy, no-answer, failed or canceled.</param>
    /// <param name="callSid">Chosen in advance, so that a hold can be made under it first.</param>
    /// <param name="statusCallback">Null: where the number says.</param>
    /// <param name="goesOn">Lasts on the sandbox's clock, until its length is reached or somebody hangs up.</param>
    public async Task<string> CallAsync(
        string from, string to, int seconds = 60, string outcome = "completed", string? callSid = null,
        Uri? statusCallback = null, bool goesOn = false) =>
        (string)(await ControlAsync("calls", new
        {
            from,
            to,
            durationSeconds = seconds,
            outcome,
            callSid,
            statusCallback = statusCallback?.AbsoluteUri,
            goesOn,
        }))["sid"]!;

    public static string NewCallSid() => $"CA{Guid.CreateVersion7():N}";

    public Task HangUpAsync(string callSid) => ControlAsync($"calls/{callSid}/hangup", new { });

    /// <summary>What becomes of the next messages, whatever their number.</summary>
    /// <param name="status">delivered, undelivered, failed or sent (and nothing more).</param>
    /// <param name="to">Null: to anybody.</param>
    public Task DecideNextAsync(string status, int? errorCode = null, int count = 1, string? to = null) =>
        ControlAsync("fates", new { status, errorCode, count, to });

    /// <summary>Callbacks arrive before the answer to the call that sent the message.</summary>
    public Task OvertakeAnswersAsync(bool on = true) => ControlAsync("settings", new { earlyCallbacks = on });

    /// <summary>The status “sending” is told as well.</summary>
    public Task TellSendingAsync(bool on = true) => ControlAsync("settings", new { sendingCallbacks = on });

    /// <summary>Keywords arrive with <c>OptOutType</c>.</summary>
    public Task AdvanceOptOutAsync(bool on = true) => ControlAsync("settings", new { advancedOptOut = on });

    /// <summary>How long a message takes on the sandbox's clock, from Twilio's answer.</summary>
    public Task TakeTimeAsync(double sentSeconds, double finalSeconds) =>
        ControlAsync("settings", new { sentSeconds, finalSeconds });

    /// <summary>How many messages Twilio took for sending.</summary>
    public async Task<int> SentCountAsync(string? from = null, string? to = null) =>
        (await MessagesAsync(from, to)).Count(one => (string?)one["direction"] == "outbound-api");

    public void Dispose()
    {
        _http.Dispose();
        _control.Dispose();
    }

    private async Task<JsonObject> PhoneAsync(string number, string handset) =>
        (await _control.GetFromJsonAsync<JsonObject>($"phone?number={Escape(number)}&handset={Escape(handset)}"))!;

    private async Task<JsonObject> ControlAsync(string path, object body)
    {
        using var response = await _control.PostAsJsonAsync("phone/" + path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    private static string NewNumber(string prefix) =>
        prefix + Interlocked.Increment(ref _lastNumber).ToString(CultureInfo.InvariantCulture);

    private static string Escape(string? text) => Uri.EscapeDataString(text ?? "");

    private async Task<TwilioReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{token}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var json = text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
            return new TwilioReply(response.StatusCode, json, text);
        }
    }
}

/// <summary>An answer of Twilio's: the resource, or the error.</summary>
public sealed record TwilioReply(HttpStatusCode Status, JsonObject Json, string Body)
{
    public string Sid => Text("sid") ?? throw new InvalidOperationException(Body);

    /// <summary>The error's number; null when there was none.</summary>
    public int? Code => (int?)Json["code"];

    public string? Text(string name) => (string?)Json[name];
}

/// <summary>A message on the handset.</summary>
public sealed record HandsetMessage(
    string Sid, string From, string To, string Body, string Direction, string Status, int Segments, int? ErrorCode,
    bool IsTwilios);
