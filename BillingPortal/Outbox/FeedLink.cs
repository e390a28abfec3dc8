using System.Collections.Concurrent;
using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Outbox;

/// <summary>
/// The doorbell's wire between processes: announces which tenants have pages open here, knows which have anywhere, and
/// sends rings, those of a twentieth of a second in one signal. Nobody waits for it.
/// </summary>
internal sealed partial class FeedLink(
    Database database, Guid node, Func<Guid[]> openHere, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int TenantsPerSignal = 150; // a NOTIFY holds 8000 bytes
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(30);

    private readonly WatchList _watches = new(database, node);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly ConcurrentDictionary<Guid, byte> _unsent = new();
    private readonly ConcurrentDictionary<Guid, byte> _unannounced = new();
    private int _stale = 1;
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    public bool IsOpenAnywhere(Guid tenantId) => _watches.Contains(tenantId);

    public void Announce(Guid tenantId)
    {
        if (_unannounced.TryAdd(tenantId, 0))
        {
            _work.Release();
        }
    }

    public void Send(Guid tenantId)
    {
        if (_unsent.TryAdd(tenantId, 0))
        {
            _work.Release();
        }
    }

    public void Refresh()
    {
        if (Interlocked.Exchange(ref _stale, 1) == 0)
        {
            _work.Release();
        }
    }

    /// <summary>Sends what is still unsent, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _work.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var renewedAt = time.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            var renew = time.GetElapsedTime(renewedAt) >= RenewEvery;
            renewedAt = renew ? time.GetTimestamp() : renewedAt;
            await TryAsync(() => WorkAsync(renew));
            await PauseAsync();
        }

        await TryAsync(SendAsync);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // the last round only sends
        }
        catch (Exception exception)
        {
            LogFailed(logger, Faults.Describe(exception)); // pages look for themselves every half minute
        }
    }

    private async Task WorkAsync(bool renew)
    {
        var announce = renew ? openHere() : [.. _unannounced.Keys];
        if (announce.Length > 0)
        {
            await _watches.AnnounceAsync(announce, _stopping.Token);
            foreach (var tenantId in announce)
            {
                _unannounced.TryRemove(tenantId, out _);
            }
        }

        if (Interlocked.Exchange(ref _stale, 0) == 1 || renew)
        {
            await _watches.RefreshAsync(_stopping.Token);
        }

        await SendAsync();
    }

    private async Task SendAsync()
    {
        foreach (var chunk in _unsent.Keys.ToArray().Chunk(TenantsPerSignal))
        {
            foreach (var tenantId in chunk)
            {
                _unsent.TryRemove(tenantId, out _);
            }

            await using var notify = database.Ops.CreateCommand("SELECT pg_notify('balance', $1)");
            notify.Parameters.Add(new NpgsqlParameter { Value = FeedSignal.Write(node, chunk) });
            await notify.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await _work.WaitAsync(RenewEvery, _stopping.Token);
            await Task.Delay(Gather, _stopping.Token);
            while (_work.Wait(0, CancellationToken.None))
            {
                // one round does the work of all calls until now
            }
        }
        catch (OperationCanceledException)
        {
            // stopping
        }
    }

    [LoggerMessage(LogLevel.Warning, "The doorbell could not reach the other processes: {Fault}")]
    private static partial void LogFailed(ILogger logger, string fault);
}
