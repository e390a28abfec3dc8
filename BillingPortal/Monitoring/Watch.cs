namespace BillingPortal.Monitoring;

/// <summary>
/// Keeps the last readings. They are taken when somebody looks, by every process for itself, never more often than the setting says and
/// one at a time; without anybody who looks there are none. A database that does not answer makes them old, and never fails a look.
/// </summary>
internal sealed partial class Watch(ReadingsReader reader, MonitoringOptions options, ILogger<Watch> logger) : IDisposable
{
    // What is older is not shown: a graph ends rather than lies.
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly DateTimeOffset _begun = TimeProvider.System.GetUtcNow();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private (Readings Readings, DateTimeOffset At)? _last;
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _beganReading = DateTimeOffset.MinValue;

    /// <summary>Since the last reading, or since the process began without one.</summary>
    public TimeSpan Age => _time.GetUtcNow() - (_last?.At ?? _begun);

    /// <summary>The last readings while they are good for anything. Asks for newer ones in the background.</summary>
    public Readings? Latest
    {
        get
        {
            _ = Refresh();
            return Age < KeepFor ? _last?.Readings : null;
        }
    }

    /// <summary>Waits for newer readings if it is time for them, but not for long.</summary>
    public async Task<Readings?> LookAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(Refresh(), Task.Delay(TimeSpan.FromSeconds(options.ReadPatienceSeconds), cancellationToken));
        return Latest;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Task Refresh()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            if (_reading.IsCompleted
                && now - _beganReading >= TimeSpan.FromSeconds(options.ReadEverySeconds)
                && !_stopping.IsCancellationRequested)
            {
                _beganReading = now;
                _reading = Task.Run(() => ReadAsync(_stopping.Token), CancellationToken.None);
            }

            return _reading;
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var readings = await reader.ReadAsync(cancellationToken);
            _last = (readings, _time.GetUtcNow());
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception.GetType().Name);
        }
        catch (Exception)
        {
            // the process stops
        }
    }

    [LoggerMessage(LogLevel.Warning, "The portal's state could not be read for the metrics: {Fault}")]
    private static partial void LogFailed(ILogger logger, string fault);
}
