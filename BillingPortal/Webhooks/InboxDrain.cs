using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers;
using Npgsql;

namespace BillingPortal.Webhooks;

/// <summary>
/// Works off the inbox: claims events, routes them, marks them. Order never matters; a failure waits longer each time
/// and is dead after the last try.
/// </summary>
public sealed partial class InboxDrain : BackgroundService
{
    public const int AttemptsMax = 12;
    private const int BatchSize = 8;
    private const int ForgetPerSweep = 1000;
    private static readonly TimeSpan RouteTimeout = TimeSpan.FromMinutes(5); // three tries of Stripe at 80 s each
    private static readonly TimeSpan KeepHandled = TimeSpan.FromDays(90);

    private static readonly Counter<long> Events = Telemetry.Meter.CreateCounter<long>(
        "billing.webhooks.handled", description: "Webhook events by type and outcome of the try");

    private readonly IServiceScopeFactory _scopes;
    private readonly WebhookInbox _inbox;
    private readonly TimeProvider _time;
    private readonly ILogger<InboxDrain> _logger;
    private readonly DrainLoop _loop;

    public InboxDrain(
        IServiceScopeFactory scopes, WebhookInbox inbox, PostgresSignals signals, TimeProvider time,
        ILogger<InboxDrain> logger)
    {
        _scopes = scopes;
        _inbox = inbox;
        _time = time;
        _logger = logger;
        _loop = new DrainLoop(signals, WebhookInbox.Channel, time, logger);
    }

    /// <summary>Renewed while the events are worked on.</summary>
    internal TimeSpan Lease { get; init; } = Leases.Short;

    /// <summary>Wakes this process's drain, a moment before the NOTIFY comes round.</summary>
    public void Wake() => _loop.Wake();

    /// <summary>Handles everything that is due now and says how many events were tried.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken = default)
    {
        for (var tried = 0; ;)
        {
            var batch = await _inbox.ClaimAsync(BatchSize, Lease, cancellationToken);
            if (batch.Count == 0)
            {
                return tried;
            }

            var work = Task.WhenAll(batch.Select(claimed => HandleAsync(claimed, cancellationToken)));
            if (tried == 0 && batch.Count == BatchSize)
            {
                await CallOthersAsync();
            }

            await Leases.KeepAsync(work, Lease, () => _inbox.RenewAsync(batch[0].LeaseId, Lease));
            tried += batch.Count;
        }
    }

    // They may help; a call that fails is a minute lost, not the work that has begun.
    private async Task CallOthersAsync()
    {
        try
        {
            await _inbox.CallAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            LogNotCalled(_logger, exception);
        }
    }

    public override void Dispose()
    {
        _loop.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _loop.RunAsync(SweepAsync, stoppingToken);

    private async Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await _inbox.ForgetAsync(KeepHandled, ForgetPerSweep, cancellationToken);
        return await _inbox.NextDueAsync(cancellationToken);
    }

    private async Task HandleAsync(ClaimedEvent claimed, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Begin($"webhook {claimed.Provider}");
        span?.SetTag("billing.webhook.event_type", claimed.Type).SetTag("billing.webhook.event_id", claimed.EventId);
        using var ids = _logger.With(("Provider", claimed.Provider), ("EventId", claimed.EventId));
        try
        {
            var state = await RouteAsync(claimed, cancellationToken);
            await _inbox.EndAsync(claimed, state, error: null, CancellationToken.None); // what was done is marked, whoever stops
            Count(claimed, TextCodes.Of(state));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await _inbox.ReleaseAsync(claimed, CancellationToken.None);
            throw;
        }
        catch (ProviderException fault) when (fault.Code == "resource_missing")
        {
            // Deleted since, or another account's: there is nothing to bring our rows to.
            await _inbox.EndAsync(claimed, EventState.Ignored, Faults.Describe(fault), cancellationToken);
            Count(claimed, "ignored");
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            await FailAsync(claimed, exception, cancellationToken);
        }
    }

    private async Task<EventState> RouteAsync(ClaimedEvent claimed, CancellationToken cancellationToken)
    {
        if (claimed.Attempts > AttemptsMax)
        {
            throw new InvalidOperationException("The process ended during every try.");
        }

        using var limit = new CancellationTokenSource(RouteTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var scope = _scopes.CreateAsyncScope();
        var router = scope.ServiceProvider.GetRequiredKeyedService<IEventRouter>(claimed.Provider);
        return await router.RouteAsync(claimed, either.Token);
    }

    private async Task FailAsync(ClaimedEvent claimed, Exception exception, CancellationToken cancellationToken)
    {
        var error = Faults.Describe(exception);
        if (claimed.Attempts >= AttemptsMax || !Faults.IsWorthRepeating(exception))
        {
            LogDead(_logger, claimed.EventId, claimed.Type, claimed.Attempts, error);
            Count(claimed, "dead");
            await _inbox.EndAsync(claimed, EventState.Dead, error, cancellationToken);
            return;
        }

        LogFailed(_logger, claimed.EventId, claimed.Type, claimed.Attempts, error);
        Count(claimed, "failed");
        await _inbox.RetryAsync(
            claimed, _time.GetUtcNow() + Backoff.After(claimed.Attempts), error, cancellationToken);
    }

    private static void Count(ClaimedEvent claimed, string outcome) => Events.Add(
        1, new KeyValuePair<string, object?>("provider", claimed.Provider), new("type", claimed.Type), new("outcome",
            outcome));

    [LoggerMessage(LogLevel.Warning, "The other processes could not be called to help with the inbox")]
    private static partial void LogNotCalled(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Webhook event {EventId} ({Type}) failed, try {Attempt}: {Error}")]
    private static partial void LogFailed(ILogger logger, string eventId, string type, int attempt, string error);

    [LoggerMessage(LogLevel.Error, "Webhook event {EventId} ({Type}) is dead after {Attempts} tries: {Error}")]
    private static partial void LogDead(ILogger logger, string eventId, string type, int attempts, string error);
}
