using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>
/// Sends what is due, each delivery at least once: claims it, posts it, writes down what became of it. It never waits for a
/// send: endpoints that answer and endpoints that do not have places of their own, and each endpoint only a few of them.
/// </summary>
internal sealed partial class DeliveryDispatcher : BackgroundService
{
    private static readonly Counter<long> Sends = Telemetry.Meter.CreateCounter<long>(
        "billing.tenant_webhooks.sends", description: "Tries to deliver a webhook to a tenant by outcome");

    private readonly ConcurrentDictionary<Guid, (bool Slow, Task Work)> _sending = new();
    private readonly DeliveryStore _store;
    private readonly DeliveryBook _book;
    private readonly WebhookSender _sender;
    private readonly EndpointSecrets _secrets;
    private readonly TenantWebhookOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<DeliveryDispatcher> _logger;
    private readonly DrainLoop _loop;

    public DeliveryDispatcher(
        DeliveryStore store, DeliveryBook book, WebhookSender sender, EndpointSecrets secrets, PostgresSignals signals,
        TimeProvider clock, IOptions<TenantWebhookOptions> options, ILogger<DeliveryDispatcher> logger)
    {
        (_store, _book, _sender, _secrets) = (store, book, sender, secrets);
        (_options, _clock, _logger) = (options.Value, clock, logger);
        _loop = new DrainLoop(signals, NewDeliveries.Channel, clock, logger);
        Lease = TimeSpan.FromSeconds(_options.TimeoutSeconds * 4);
    }

    /// <summary>Longer than a send and its writing down can take, so that nothing is sent twice side by side.</summary>
    internal TimeSpan Lease { get; init; }

    /// <summary>Sends everything that is due now, waits for it, and says how many tries there were.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken = default)
    {
        for (var tried = 0; ;)
        {
            var wasIdle = _sending.IsEmpty; // asked first: a place that is freed meanwhile may have been missed
            var begun = await BeginAsync(cancellationToken);
            tried += begun;
            if (wasIdle && begun == 0)
            {
                return tried;
            }

            await Task.WhenAny(_sending.Values.Select(one => one.Work).DefaultIfEmpty(Task.CompletedTask));
        }
    }

    public override void Dispose()
    {
        _loop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _loop.RunAsync(
            async cancellationToken =>
            {
                var began = _clock.GetUtcNow();
                await BeginAsync(cancellationToken);
                return await _store.NextDueAsync(began, cancellationToken);
            },
            stoppingToken);
        await Task.WhenAll(_sending.Values.Select(one => one.Work)); // they have been told to stop
    }

    // Begins as many sends as there are places for.
    private async Task<int> BeginAsync(CancellationToken cancellationToken)
    {
        var begun = 0;
        foreach (var slow in (bool[])[false, true])
        {
            var places = _options.SendsMax - _sending.Values.Count(one => one.Slow == slow);
            if (places <= 0)
            {
                continue;
            }

            foreach (var claimed in await _store.ClaimAsync(
                slow, places, _options.SendsPerEndpointMax, Lease, cancellationToken))
            {
                var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _sending[claimed.Id] = (slow, SendAsync(start.Task, claimed, cancellationToken));
                start.SetResult(); // it takes itself out of the table at its end, so it must be in first
                begun++;
            }
        }

        return begun;
    }

    private async Task SendAsync(Task start, ClaimedDelivery claimed, CancellationToken cancellationToken)
    {
        await start;
        using var span = Telemetry.Begin("tenant webhook");
        span?.SetTag("billing.webhook.delivery_id", claimed.Id.ToString());
        using var ids = _logger.With(("DeliveryId", claimed.Id));
        try
        {
            var result = await _sender.SendAsync(
                claimed.Url, claimed.PublicId, claimed.Body, SecretsOf(claimed), cancellationToken);
            await _book.WriteAsync(claimed, result, CancellationToken.None); // what was sent is written down
            Sends.Add(1, new KeyValuePair<string, object?>("outcome", result.IsDelivered ? "delivered" : "failed"));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await TryReleaseAsync(claimed);
        }
        catch (Exception exception)
        {
            LogFailed(_logger, claimed.Id, claimed.EndpointId, exception); // the lease runs out, and it is sent again
        }
        finally
        {
            _sending.TryRemove(claimed.Id, out _);
            _loop.Wake(); // a place is free
        }
    }

    private string[] SecretsOf(ClaimedDelivery claimed) => claimed.OldSecret is null
        ? [_secrets.Open(claimed.Secret)]
        : [_secrets.Open(claimed.Secret), _secrets.Open(claimed.OldSecret)];

    private async Task TryReleaseAsync(ClaimedDelivery claimed)
    {
        try
        {
            await _store.ReleaseAsync(claimed);
        }
        catch (Exception exception)
        {
            LogFailed(_logger, claimed.Id, claimed.EndpointId, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "Webhook delivery {DeliveryId} to endpoint {EndpointId} could not be worked on")]
    private static partial void LogFailed(ILogger logger, Guid deliveryId, Guid endpointId, Exception exception);
}
