using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace BillingPortal.Processes.Restore;

/// <summary>
/// Customers' programs at work: usage, and now and then a purchase whose card is charged at Stripe's double. Remembers what it was told,
/// and when.
/// </summary>
internal sealed class DrillLoad(Uri portal, Uri sandbox, IReadOnlyList<string> apiKeys) : IAsyncDisposable
{
    private static readonly TimeSpan PurchaseEvery = TimeSpan.FromSeconds(0.5);

    private readonly HttpClient _portal = new() { BaseAddress = portal, Timeout = TimeSpan.FromSeconds(20) };
    private readonly HttpClient _stripe = new() { BaseAddress = sandbox };
    private readonly CancellationTokenSource _end = new();
    private Task[] _callers = [];

    /// <summary>Usage that was answered as posted: its reference, and when the answer came.</summary>
    public ConcurrentQueue<(string Reference, DateTimeOffset At)> Posted { get; } = new();

    /// <summary>Payments whose card was charged: the intent, when the portal had recorded its purchase, and the price.</summary>
    public ConcurrentQueue<(string IntentId, DateTimeOffset RecordedAt, long Cents)> Charged { get; } = new();

    /// <summary>One program per key posts usage, the last one buys.</summary>
    public void Start()
    {
        _stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_sandbox");
        _callers = [.. Enumerable.Range(0, apiKeys.Count - 1).Select(UseAsync), BuyAsync()];
    }

    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _portal.Dispose();
        _stripe.Dispose();
        _end.Dispose();
    }

    private async Task UseAsync(int caller)
    {
        for (var number = 0; !_end.IsCancellationRequested; number++)
        {
            var reference = $"drill-{caller}-{number}";
            await TryAsync(async () =>
            {
                using var answer = await PostAsync(
                    "api/usage", apiKeys[caller], new { service = "sms_outbound", quantity = 1, reference_id = reference });
                answer.EnsureSuccessStatusCode();
                Posted.Enqueue((reference, TimeProvider.System.GetUtcNow()));
            });
        }
    }

    private async Task BuyAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await TryAsync(async () =>
            {
                using var started = await PostAsync(
                    "api/stripe/create-payment-intent", apiKeys[^1], new { packageId = "credits-250" });
                started.EnsureSuccessStatusCode();
                var recordedAt = TimeProvider.System.GetUtcNow();
                var purchase = (await started.Content.ReadFromJsonAsync<JsonNode>())!;
                var id = ((string)purchase["clientSecret"]!).Split("_secret")[0];
                using var form = new FormUrlEncodedContent([KeyValuePair.Create("payment_method", "pm_card_visa"),
                    KeyValuePair.Create("return_url", "https://portal.example/back")]);
                using var paid = await _stripe.PostAsync(new Uri($"stripe/v1/payment_intents/{id}/confirm", UriKind.Relative), form);
                paid.EnsureSuccessStatusCode();
                var intent = (await paid.Content.ReadFromJsonAsync<JsonNode>())!;
                Charged.Enqueue((id, recordedAt, (long)intent["amount_received"]!));
            });
            await Task.Delay(PurchaseEvery, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string apiKey, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = JsonContent.Create(body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return await _portal.SendAsync(request, _end.Token);
    }

    // What is not answered is not acknowledged: nothing may be promised about it.
    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Task.Delay(100, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
