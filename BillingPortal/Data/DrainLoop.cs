using System.Threading.Channels;

namespace BillingPortal.Data;

/// <summary>
/// Keeps a drain going: at once when its channel rings or a commit of this process wakes it, when the next row is due,
/// and every minute in case a signal was lost. One drain at a time.
/// </summary>
public sealed partial class DrainLoop : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IDisposable _registration;
    private readonly string _channel;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public DrainLoop(PostgresSignals signals, string channel, TimeProvider time, ILogger logger)
    {
        _channel = channel;
        _time = time;
        _logger = logger;
        _registration = signals.On(channel, _ => Wake());
    }

    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Runs until stopped. The drain does everything that is due and says when the next row will be.</summary>
    public async Task RunAsync(Func<CancellationToken, Task<DateTimeOffset?>> drain, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var pause = SweepEvery;
            try
            {
                var next = await drain(stopping);
                pause = next is { } due ? Bounded(due) : SweepEvery;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(_logger, _channel, exception); // the database may be away: the next sweep tries again
                pause = TimeSpan.FromSeconds(5);
            }

            await PauseAsync(pause, stopping);
        }
    }

    public void Dispose() => _registration.Dispose();

    private TimeSpan Bounded(DateTimeOffset due)
    {
        var wait = due - _time.GetUtcNow();
        return wait < PauseMin ? PauseMin : wait > SweepEvery ? SweepEvery : wait;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        using var timer = new CancellationTokenSource(pause, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        try
        {
            await _wakes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // the pause is over, or the process stops
        }
    }

    [LoggerMessage(LogLevel.Error, "The drain of {Channel} failed and will run again")]
    private static partial void LogFailed(ILogger logger, string channel, Exception exception);
}
