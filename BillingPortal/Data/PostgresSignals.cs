using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// The one LISTEN connection of a process. A signal says that something changed, never what; whoever hears it looks for
/// itself. It opens with the first listener and comes back by itself after a lost connection.
/// </summary>
public sealed partial class PostgresSignals(
    ConnectionStrings connections, TimeProvider time, ILogger<PostgresSignals> logger) : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectLongest = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Action<string>>> _listeners = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private CancellationTokenSource _channelsChanged = new();
    private Task? _loop;
    private NpgsqlDataSource? _source;

    /// <summary>
    /// Calls <paramref name="received"/> with the payload of every NOTIFY, and with an empty one whenever some may have
    /// been missed: once the channel is open and after every reconnection. It must be quick and may be called anywhere.
    /// </summary>
    public IDisposable On(string channel, Action<string> received)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (!_listeners.TryGetValue(channel, out var listeners))
            {
                _listeners[channel] = listeners = [];
                _channelsChanged.Cancel();
            }

            listeners.Add(received);
            _loop ??= Task.Run(() => ListenAsync(_stopping.Token));
        }

        return new Registration(this, channel, received);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_loop is not null)
        {
            await _loop;
        }

        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    // A name for the metrics: without one a connection goes by its connection string.
    private static NpgsqlDataSource Build(string ops)
    {
        var settings = new NpgsqlConnectionStringBuilder(ops)
        {
            ApplicationName = "BillingPortal signals",
            Pooling = false,
            KeepAlive = 30,
        };
        return ConnectionStrings.Source(settings.ConnectionString, "portal_signals");
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            try
            {
                await using var connection = await OpenAsync(stopping);
                failures = 0;
                await PumpAsync(connection, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException)
            {
                LogLost(logger, exception.GetType().Name);
                var wait = ReconnectFirst * Math.Pow(2, Math.Min(failures++, 10));
                await Task.Delay(wait < ReconnectLongest ? wait : ReconnectLongest, time, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken stopping)
    {
        _source ??= Build(connections.Ops);
        var connection = _source.CreateConnection();
        connection.Notification += (_, signal) => Deliver(signal.Channel, signal.Payload);
        try
        {
            await connection.OpenAsync(stopping);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task PumpAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var (fresh, changed) = NewChannels(open);
            foreach (var channel in fresh)
            {
                await using var listen = new NpgsqlCommand($"LISTEN \"{channel}\"", connection);
                await listen.ExecuteNonQueryAsync(stopping);
                open.Add(channel);
                Deliver(channel, "");
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, changed);
            try
            {
                await connection.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // A new channel was asked for; this connection goes on with one more.
            }
        }
    }

    private (List<string> Fresh, CancellationToken Changed) NewChannels(HashSet<string> open)
    {
        lock (_lock)
        {
            if (_channelsChanged.IsCancellationRequested)
            {
                _channelsChanged = new CancellationTokenSource();
            }

            return ([.. _listeners.Keys.Except(open)], _channelsChanged.Token);
        }
    }

    private void Deliver(string channel, string payload)
    {
        Action<string>[] listeners;
        lock (_lock)
        {
            listeners = _listeners.TryGetValue(channel, out var found) ? [.. found] : [];
        }

        foreach (var listener in listeners)
        {
            try
            {
                listener(payload);
            }
            catch (Exception exception)
            {
                LogListenerFailed(logger, channel, exception); // one listener's trouble is not the others'
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The signal connection was lost ({Fault}); reconnecting")]
    private static partial void LogLost(ILogger logger, string fault);

    [LoggerMessage(LogLevel.Error, "A listener of the channel {Channel} failed")]
    private static partial void LogListenerFailed(ILogger logger, string channel, Exception exception);

    private sealed class Registration(PostgresSignals signals, string channel, Action<string> received) : IDisposable
    {
        public void Dispose()
        {
            lock (signals._lock)
            {
                signals._listeners[channel].Remove(received);
            }
        }
    }
}
