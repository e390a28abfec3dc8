using System.Collections.Concurrent;
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
    private const int TwilioSideBySide = 32;
    private const int AnswerLengthMax = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _lanes = new(SideBySide);
    private readonly SemaphoreSlim _twilioLanes = new(TwilioSideBySide);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly ConcurrentDictionary<string, Task> _lines = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _stopping;

    /// <summary>Told of the last attempt at a message, within the change that notes it.</summary>
    public event Action<Change, IWebhookMessage, WebhookAnswer>? Answered;

    /// <summary>Completes when what the last run left unsent is on its way: what is made after that is sent once.</summary>
    public Task Resumed => _resumed.Task;

    /// <summary>Whether an attempt is under way or waits for its time.</summary>
    public bool IsBusy => !_running.IsEmpty;

    public long UnixMilliseconds => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public void Schedule(WebhookDelivery delivery)
    {
        // What is told late on purpose lets the others of its line pass.
        var line = delivery.NextAttemptAt <= UnixMilliseconds ? delivery.Line : null;
        var task = RunAsync(delivery, line is null ? null : _lines.GetValueOrDefault(line));
        if (line is not null)
        {
            _lines[line] = task;
            _ = task.ContinueWith(
                done => _lines.TryRemove(KeyValuePair.Create(line, done)), TaskScheduler.Default);
        }

        Watch(task);
    }

    /// <summary>One after the other, beside the caller.</summary>
    public void ScheduleInOrder(IEnumerable<string> deliveryIds) => Watch(SendInOrderAsync(deliveryIds));

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
        _resumed.SetResult();
        return Task.CompletedTask;
    }

    private void Watch(Task task)
    {
        _running[task] = true;
        _ = task.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task RunAsync(WebhookDelivery delivery, Task? before)
    {
        await Task.Yield(); // the caller may hold things that others wait for
        var wait = delivery.NextAttemptAt - UnixMilliseconds;
        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), _stopping);
        }

        if (before is not null)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var lanes = delivery.Provider == WebhookMessages.Twilio ? _twilioLanes : _lanes;
        await lanes.WaitAsync(_stopping);
        try
        {
            await AttemptAsync(delivery.Id);
        }
        finally
        {
            lanes.Release();
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

        var answer = await PostAsync(message);
        var after = world.Run(change =>
        {
            var next = change.Put(Next(delivery, message, answer));
            if (next.State != DeliveryState.Pending)
            {
                Answered?.Invoke(change, message, answer);
            }

            return next;
        });
        LogAttempt(logger, message.Type, message.Id, after.Attempts, answer.Words);
        if (after.State == DeliveryState.Pending && delivery.Provider == WebhookMessages.Twilio)
        {
            Schedule(after);
        }
        else if (after.State == DeliveryState.Pending)
        {
            // Not awaited and not counted as running: an idle sandbox may still owe a repeat later.
            _ = RunAsync(after, null);
        }
    }

    private WebhookDelivery Next(WebhookDelivery delivery, IWebhookMessage message, WebhookAnswer answer)
    {
        var waits = WebhookRetries.For(message, answer, options);
        var isLast = delivery.Attempts >= waits.Length;
        return delivery with
        {
            Attempts = delivery.Attempts + 1,
            LastAnswer = answer.Words,
            State = answer.IsAccepted
                ? DeliveryState.Delivered
                : isLast ? DeliveryState.Failed : DeliveryState.Pending,
            NextAttemptAt = UnixMilliseconds + (isLast ? 0 : (long)(waits[delivery.Attempts] * 1000)),
        };
    }

    private async Task<WebhookAnswer> PostAsync(IWebhookMessage message)
    {
        using var request = WebhookMessages.Request(settings.PortalUrl, message, time.UnixSeconds);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            patience.CancelAfter(Patience);
            using var response = await clients.CreateClient("webhooks").SendAsync(request, patience.Token);
            var words = $"HTTP {(int)response.StatusCode}";
            if (message.Provider != WebhookMessages.Twilio)
            {
                return new WebhookAnswer((int)response.StatusCode, words);
            }

            var body = await response.Content.ReadAsStringAsync(patience.Token);
            return new WebhookAnswer(
                (int)response.StatusCode, words, response.Content.Headers.ContentType?.MediaType ?? "",
                body.Length > AnswerLengthMax ? body[..AnswerLengthMax] : body);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return new WebhookAnswer(null, failure is HttpRequestException ? failure.Message : "no answer in time");
        }
    }

    [LoggerMessage(LogLevel.Information, "Webhook {Type} {MessageId}, attempt {Attempt}: {Answer}")]
    private static partial void LogAttempt(ILogger logger, string type, string messageId, int attempt, string answer);
}
