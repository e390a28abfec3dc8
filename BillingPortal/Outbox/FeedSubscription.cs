namespace BillingPortal.Outbox;

/// <summary>
/// One open page. However often it is rung, its callback runs one at a time and at most four times a second, and always
/// once more after the last ring. It also rings itself a second after it began, when every other process knows of it,
/// and every half minute, in case a ring was lost.
/// </summary>
internal sealed partial class FeedSubscription : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Func<Task> _changed;
    private readonly Action<FeedSubscription> _ended;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _pause;
    private readonly ITimer _heartbeat;
    private long _lastEnd;
    private bool _busy;
    private bool _rungAgain;
    private bool _disposed;

    public FeedSubscription(
        Guid tenantId, Func<Task> changed, Action<FeedSubscription> ended, TimeProvider time, ILogger logger)
    {
        TenantId = tenantId;
        _changed = changed;
        _ended = ended;
        _time = time;
        _logger = logger;
        _lastEnd = time.GetTimestamp() - (time.TimestampFrequency * 60);
        _pause = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _heartbeat = time.CreateTimer(_ => Ring(), null, SecondLook, Heartbeat);
    }

    public Guid TenantId { get; }

    public void Ring()
    {
        lock (_lock)
        {
            if (_disposed || _busy)
            {
                _rungAgain = true;
                return;
            }

            _busy = true;
            var wait = Interval - _time.GetElapsedTime(_lastEnd);
            if (wait > TimeSpan.Zero)
            {
                _pause.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Run();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _pause.Dispose();
        _heartbeat.Dispose();
        _ended(this);
    }

    // On the thread pool: whoever rings does not wait for pages.
    private void Run() => _ = Task.Run(RunAsync);

    private async Task RunAsync()
    {
        lock (_lock)
        {
            _rungAgain = false; // what was rung until now is seen by the read that follows
            if (_disposed)
            {
                return;
            }
        }

        try
        {
            await _changed();
        }
        catch (Exception exception)
        {
            LogFailed(_logger, TenantId, exception.GetType().Name); // a page that is going away, or its own trouble
        }

        bool again;
        lock (_lock)
        {
            _lastEnd = _time.GetTimestamp();
            _busy = false;
            again = _rungAgain;
        }

        if (again)
        {
            Ring();
        }
    }

    [LoggerMessage(LogLevel.Debug, "A page of tenant {TenantId} did not take a change: {Fault}")]
    private static partial void LogFailed(ILogger logger, Guid tenantId, string fault);
}
