using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Providers;

namespace BillingPortal.Faults.Scene;

/// <summary>The sandbox's switches, and the providers' own records as the checks read them.</summary>
internal sealed class SandboxControl(Uri sandbox) : IDisposable
{
    public static readonly IReadOnlyList<string> Providers = ["stripe", "twilio", "resend"];

    private readonly HttpClient _http = new() { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(40) };

    public Task FaultAsync(string provider, string kind, int count, int milliseconds) =>
        PostAsync("control/faults", new { provider, kind, count, milliseconds });

    public async Task<int> ClearFaultsAsync()
    {
        var faults = (await GetAsync("control/faults")).AsArray();
        foreach (var fault in faults)
        {
            using var answer = await _http.DeleteAsync(new Uri($"control/faults/{fault!["id"]}", UriKind.Relative));
        }

        return faults.Count;
    }

    public Task SpoilWebhooksAsync(string mode, int count, int milliseconds = 0) =>
        PostAsync("control/webhooks", new { mode, type = "*", count, milliseconds });

    /// <summary>No rule any more; what a rule holds back is sent.</summary>
    public async Task ClearWebhookRulesAsync()
    {
        using var answer = await _http.DeleteAsync(new Uri("control/webhooks", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public Task SendWebhooksToAsync(Uri portal) =>
        PostAsync("control/settings", new { portalUrl = portal.ToString(), resendWebhooks = true });

    public async Task<DateTimeOffset> NowAsync() => (DateTimeOffset)(await GetAsync("clock"))["now"]!;

    public Task AdvanceClockAsync(TimeSpan by) => PostAsync("clock", new { advanceSeconds = by.TotalSeconds });

    /// <summary>Charges and refunds per customer, in cents.</summary>
    public async Task<JsonArray> PaymentsAsync() => (await GetAsync("control/payments"))["customers"]!.AsArray();

    public async Task<JsonArray> MailboxAsync(string address) =>
        (await GetAsync($"control/emails?to={Uri.EscapeDataString(address)}")).AsArray();

    /// <summary>A call to Stripe's own address, as from its dashboard.</summary>
    public async Task<(int Status, JsonNode Body)> StripeAsync(
        string path, string? key, params (string Name, string Value)[] parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"stripe/v1/{path}", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(parameters.Select(one => KeyValuePair.Create(one.Name, one.Value))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SandboxDefaults.StripeSecretKey);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>Every element of one of Twilio's lists.</summary>
    public async Task<IReadOnlyList<JsonNode>> TwilioListAsync(string resource, string name)
    {
        List<JsonNode> all = [];
        var path = string.Create(CultureInfo.InvariantCulture,
            $"/2010-04-01/Accounts/{SandboxDefaults.TwilioAccountSid}/{resource}.json?PageSize=1000");
        for (var next = path; next is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("twilio" + next, UriKind.Relative));
            var credentials = $"{SandboxDefaults.TwilioAccountSid}:{SandboxDefaults.TwilioAuthToken}";
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
            using var answer = await _http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            all.AddRange(page[name]!.AsArray().Select(one => one!));
            next = (string?)page["next_page_uri"];
        }

        return all;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> GetAsync(string path) =>
        (await _http.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    private async Task PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }
}
