using System.Diagnostics.Metrics;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Outbox;

/// <summary>
/// Delivers outbox messages, each at least once: claims those that are due and that this build has handlers for, runs
/// them, marks them. Failures wait longer each time; after the last try a message is dead and waits for a person.
/// </summary>
public sealed partial class OutboxDispatcher : BackgroundService
{
    public const int AttemptsMax = 12;
    private const int BatchSize = 8;
    private const int ForgetPerSweep = 1000;
    private static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeepDelivered = TimeSpan.FromDays(30);

    private static readonly Counter<long> Messages = Telemetry.Meter.CreateCounter<long>(
        "billing.outbox.messages", description: "Outbox messages by kind and outcome of the try");

    private readonly IServiceScopeFactory _scopes;
    private readonly OutboxStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<OutboxDispatcher> _logger;
    private readonly DrainLoop _loop;
    private readonly string[] _kinds;

    public OutboxDispatcher(
        IServiceScopeFactory scopes, Database database, PostgresSignals signals, OutboxBell bell, TimeProvider time,
        ILogger<OutboxDispatcher> logger)
    {
        _scopes = scopes;
        _store = new OutboxStore(database, time);
        _time = time;
        _logger = logger;
        _loop = new DrainLoop(signals, "outbox", time, logger);
        bell.On(_loop.Wake);
        using var scope = scopes.CreateScope();
        _kinds = [.. scope.ServiceProvider.GetServices<IOutboxHandler>().Select(handler => handler.Kind).Distinct()];
    }

    /// <summary>Renewed while the messages are worked on, so that none is taken from a process that still works.</summary>
    internal TimeSpan Lease { get; init; } = Leases.Short;

    /// <summary>Delivers everything that is due now and says how many messages were tried.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken = default)
    {
        for (var tried = 0; ;)
        {
            var batch = await _store.ClaimAsync(_kinds, BatchSize, Lease, cancellationToken);
            if (batch.Count == 0)
            {
                return tried;
            }

            var work = Task.WhenAll(batch.Select(message => DeliverAsync(message, cancellationToken)));
            await Leases.KeepAsync(work, Lease, () => _store.RenewAsync(batch[0].LeaseId!.Value, Lease));
            tried += batch.Count;
        }
    }

    /// <summary>Puts a dead message back, with all its tries. False when it is not dead.</summary>
    public Task<bool> ReplayAsync(Guid id, CancellationToken cancellationToken = default) =>
        _store.ReplayAsync(id, cancellationToken);

    /// <summary>The same for many, at the caller's commit.</summary>
    public static Task<IReadOnlyList<ReplayedMessage>> ReplayAsync(
        UnitOfWork unit, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken = default) =>
        OutboxStore.ReplayAsync(unit, ids, cancellationToken);

    public override void Dispose()
    {
        _loop.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _loop.RunAsync(SweepAsync, stoppingToken);

    private async Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await _store.ForgetAsync(KeepDelivered, ForgetPerSweep, cancellationToken);
        return await _store.NextDueAsync(_kinds, cancellationToken);
    }

    private async Task DeliverAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Begin($"outbox {message.Kind}", message.TraceParent);
        span?.SetTag("messaging.message.id", message.Id.ToString()).SetTag("billing.tenant.id", message.TenantId?.ToString());
        using var ids = _logger.With(("MessageId", message.Id), ("TenantId", message.TenantId));
        try
        {
            await HandleAsync(message, cancellationToken);
            await _store.DeliveredAsync(message, CancellationToken.None); // what was done is marked, whoever stops
            Count(message, "delivered");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await _store.ReleaseAsync(message, CancellationToken.None);
            throw;
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            await FailAsync(message, exception, cancellationToken);
        }
    }

    // Every handler of the kind runs, even after one failed: a broken receipt must not hold back the recharge.
    private async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Attempts > AttemptsMax)
        {
            throw new OutboxExhaustedException();
        }

        using var limit = new CancellationTokenSource(HandlerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var scope = _scopes.CreateAsyncScope();
        var failures = new List<Exception>();
        foreach (var handler in scope.ServiceProvider.GetServices<IOutboxHandler>().Where(h => h.Kind == message.Kind))
        {
            try
            {
                await handler.HandleAsync(message, either.Token);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
        {
            // One that may succeed later decides: the others are safe to repeat.
            throw failures.Find(Faults.IsWorthRepeating) ?? failures[0];
        }
    }

    private async Task FailAsync(OutboxMessage message, Exception exception, CancellationToken cancellationToken)
    {
        var error = Faults.Describe(exception);
        if (message.Attempts >= AttemptsMax || !Faults.IsWorthRepeating(exception))
        {
            LogDead(_logger, message.Id, message.Kind, message.Attempts, error);
            Count(message, "dead");
            await _store.DeadAsync(message, error, cancellationToken);
            return;
        }

        LogFailed(_logger, message.Id, message.Kind, message.Attempts, error);
        Count(message, "failed");
        var dueAt = _time.GetUtcNow() + Backoff.After(message.Attempts);
        await _store.RetryAsync(message, dueAt, error, cancellationToken);
    }

    private static void Count(OutboxMessage message, string outcome) =>
        Messages.Add(1, new KeyValuePair<string, object?>("kind", message.Kind), new("outcome", outcome));

    [LoggerMessage(LogLevel.Warning, "Outbox message {Id} ({Kind}) failed, try {Attempt}: {Error}")]
    private static partial void LogFailed(ILogger logger, Guid id, string kind, int attempt, string error);

    [LoggerMessage(LogLevel.Error, "Outbox message {Id} ({Kind}) is dead after {Attempts} tries: {Error}")]
    private static partial void LogDead(ILogger logger, Guid id, string kind, int attempts, string error);

    /// <summary>The process ended during every try: the message itself may be what ends it.</summary>
    private sealed class OutboxExhaustedException() : Exception("The process ended during every try.");
}
