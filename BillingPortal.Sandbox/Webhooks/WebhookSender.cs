using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;

namespace BillingPortal.Sandbox.Webhooks;

/// <summary>
/// Sends webhooks: signed anew on every attempt with the sandbox's time, repeated with growing waits until 2xx.
/// Attempts run side by side, as with the providers: only a release keeps an order.
/// </summary>
internal sealed partial class WebhookSender(
    World world, SandboxTime time, WebhookSettings settings, SandboxOptions options, IHttpClientFactory clients,
    ILogger<WebhookSender> logger) : BackgroundService
{
    private const int SideBySide = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly double[] DefaultRetrySeconds = [1, 5, 30, 120, 600, 3600];

    private readonly SemaphoreSlim _lanes = new(SideBySide);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private CancellationToken _stopping;

    public long UnixMilliseconds => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public void Schedule(WebhookDelivery delivery)
    {
        var task = RunAsync(delivery);
        _running[task] = true;
        _ = task.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>One after the other; returns when each was tried once.</summary>
    public async Task SendInOrderAsync(IEnumerable<string> deliveryIds)
    {
        foreach (var id in deliveryIds)
        {
            await AttemptAsync(id);
        }
    }

    /// <summary>Returns when everything that is due now was tried, or after <paramref name="patience"/>.</summary>
    public async Task<bool> IdleAsync(TimeSpan patience)
    {
        var all = Task.WhenAll(_running.Keys);
        return await Task.WhenAny(all, Task.Delay(patience, _stopping)) == all;
    }

    /// <summary>Takes up what the last run left unsent.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        var unsent = world.Run(change => change.NewestFirst<WebhookDelivery>()
            .Where(one => one.State == DeliveryState.Pending).Reverse().ToList());
        unsent.ForEach(Schedule);
        return Task.CompletedTask;
    }

    private async Task RunAsync(WebhookDelivery delivery)
    {
        var wait = delivery.NextAttemptAt - UnixMilliseconds;
        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), _stopping);
        }

        await _lanes.WaitAsync(_stopping);
        try
        {
            await AttemptAsync(delivery.Id);
        }
        finally
        {
            _lanes.Release();
        }
    }

    private async Task AttemptAsync(string id)
    {
        var (delivery, message) = world.Run(change =>
        {
            var found = change.Find<WebhookDelivery>(id);
            return (found, found is null ? null : WebhookMessages.Find(change, found));
        });
        if (delivery is null || message is null || delivery.State == DeliveryState.Delivered)
        {
            return;
        }

        var (isAccepted, answer) = await PostAsync(message);
        var after = world.Run(change => change.Put(Next(delivery, isAccepted, answer)));
        LogAttempt(logger, message.Type, message.Id, after.Attempts, answer);
        if (after.State == DeliveryState.Pending)
        {
            // Not awaited and not counted as running: an idle sandbox may still owe a repeat later.
            _ = RunAsync(after);
        }
    }

    private WebhookDelivery Next(WebhookDelivery delivery, bool isAccepted, string answer)
    {
        var waits = options.WebhookRetrySeconds is { Length: > 0 } own ? own : DefaultRetrySeconds;
        var isLast = delivery.Attempts >= waits.Length;
        return delivery with
        {
            Attempts = delivery.Attempts + 1,
            LastAnswer = answer,
            State = isAccepted ? DeliveryState.Delivered : isLast ? DeliveryState.Failed : DeliveryState.Pending,
            NextAttemptAt = UnixMilliseconds + (isLast ? 0 : (long)(waits[delivery.Attempts] * 1000)),
        };
    }

    private async Task<(bool IsAccepted, string Answer)> PostAsync(IWebhookMessage message)
    {
        var body = message.Render();
        var address = WebhookMessages.Address(settings.PortalUrl, message);
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        WebhookMessages.Sign(request, message, body, time.UnixSeconds);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            patience.CancelAfter(Patience);
            using var response = await clients.CreateClient("webhooks").SendAsync(request, patience.Token);
            return (response.IsSuccessStatusCode, $"HTTP {(int)response.StatusCode}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return (false, failure is HttpRequestException ? failure.Message : "no answer in time");
        }
    }

    [LoggerMessage(LogLevel.Information, "Webhook {Type} {MessageId}, attempt {Attempt}: {Answer}")]
    private static partial void LogAttempt(ILogger logger, string type, string messageId, int attempt, string answer);
}
