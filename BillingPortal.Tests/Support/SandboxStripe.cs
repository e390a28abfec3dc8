using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace BillingPortal.Tests.Support;

/// <summary>Raw calls to the sandbox's Stripe, as a test makes them beside the portal.</summary>
public sealed class SandboxStripe(Uri sandbox, string key = "sk_test_sandbox") : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(sandbox, "stripe/v1/") };

    public Task<StripeReply> PostAsync(string path, params (string Name, string Value)[] parameters) =>
        PostAsync(path, null, parameters);

    public Task<StripeReply> PostAsync(string path, string? idempotencyKey, (string Name, string Value)[] parameters)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(parameters.Select(one => KeyValuePair.Create(one.Name, one.Value))),
        };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(request);
    }

    public Task<StripeReply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<StripeReply> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public async Task<string> CustomerAsync(string email = "payer@acme.example") =>
        (await PostAsync("customers", ("email", email))).Id;

    /// <summary>
    /// A test card on the customer, set up for charges without them, challenge included where it asks.
    /// </summary>
    public async Task<string> SavedCardAsync(string customer, string card = "pm_card_visa")
    {
        var setup = await PostAsync(
            "setup_intents", ("customer", customer), ("payment_method", card), ("confirm", "true"),
            ("automatic_payment_methods[enabled]", "true"), ("automatic_payment_methods[allow_redirects]", "never"));
        if (setup.Text("status") == "requires_action")
        {
            setup = await PostAsync(
                "sandbox/challenge", ("client_secret", setup.Text("client_secret")!), ("outcome", "complete"));
        }

        Assert.Equal("succeeded", setup.Text("status"));
        return setup.Text("payment_method")!;
    }

    /// <summary>A card attached without being set up.</summary>
    public async Task<string> AttachedCardAsync(string customer, string card) =>
        (await PostAsync($"payment_methods/{card}/attach", ("customer", customer))).Id;

    public Task<StripeReply> ChargeOffSessionAsync(
        string customer, string card, long cents = 2200, string? idempotencyKey = null) =>
        PostAsync("payment_intents", idempotencyKey,
        [
            ("amount", $"{cents}"), ("currency", "usd"), ("customer", customer), ("payment_method", card),
            ("off_session", "true"), ("confirm", "true"),
            ("automatic_payment_methods[enabled]", "true"), ("automatic_payment_methods[allow_redirects]", "never"),
        ]);

    /// <summary>Events of one type, newest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> EventsAsync(string type) =>
        [.. (await GetAsync($"events?limit=100&type={type}")).Json["data"]!.AsArray().Select(one => one!)];

    public void Dispose() => _http.Dispose();

    private async Task<StripeReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new StripeReply(response.StatusCode, JsonNode.Parse(text)!.AsObject(), text, response.Headers);
        }
    }
}

/// <summary>An answer of Stripe's: the object, or the error.</summary>
public sealed record StripeReply(HttpStatusCode Status, JsonObject Json, string Body, HttpResponseHeaders Headers)
{
    public string Id => Text("id") ?? throw new InvalidOperationException(Body);

    public JsonObject Error => Json["error"]?.AsObject() ?? throw new InvalidOperationException(Body);

    public bool IsReplayed => Headers.Contains("Idempotent-Replayed");

    public string? Text(string name) => (string?)Json[name];

    public long? Number(string name) => (long?)Json[name];
}
