using System.Collections.Concurrent;

namespace BillingPortal.Sandbox.Clock;

/// <summary>
/// The processes that follow the clock by long-polling. Each names itself; asking again with the newest version is
/// its acknowledgement that it already runs on the new time.
/// </summary>
internal sealed class ClockSubscribers
{
    // A busy machine may take seconds between two polls, or to acknowledge; who hangs up is forgotten at once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Subscriber> _subscribers = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Completes when the clock is moved.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The subscriber has read the clock for the first time, and is about to wait for the next move.</summary>
    public void Met(string name) =>
        _subscribers.GetOrAdd(name, static _ => new Subscriber()).LastSeen = TimeProvider.System.GetTimestamp();

    /// <summary>The subscriber holds <paramref name="version"/> and waits for the next one.</summary>
    public void Arrived(string name, long version)
    {
        var subscriber = _subscribers.GetOrAdd(name, static _ => new Subscriber());
        subscriber.Waiting = true;
        subscriber.Acknowledge(version);
    }

    public void Left(string name, bool hungUp)
    {
        if (_subscribers.TryGetValue(name, out var subscriber))
        {
            subscriber.Waiting = false;
            subscriber.LastSeen = TimeProvider.System.GetTimestamp();
            if (hungUp)
            {
                _subscribers.TryRemove(name, out _);
            }
        }
    }

    /// <summary>
    /// Wakes everybody and returns when all who listen run on <paramref name="version"/>, or after twenty seconds.
    /// </summary>
    public async Task AnnounceAsync(long version, CancellationToken cancellationToken)
    {
        var acknowledgements = _subscribers.Values.Where(IsListening).Select(one => one.AcknowledgedAsync(version));
        var everybody = Task.WhenAll(acknowledgements.ToList());
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
        await Task.WhenAny(everybody, Task.Delay(Patience, cancellationToken));
    }

    private static bool IsListening(Subscriber subscriber) =>
        subscriber.Waiting || TimeProvider.System.GetElapsedTime(subscriber.LastSeen) < Patience;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One process that follows the clock.</summary>
    private sealed class Subscriber
    {
        private readonly Lock _gate = new();
        private readonly List<(long Version, TaskCompletionSource Signal)> _awaited = [];
        private long _acknowledged;

        public bool Waiting { get; set; }

        public long LastSeen { get; set; }

        public void Acknowledge(long version)
        {
            lock (_gate)
            {
                _acknowledged = version;
                _awaited.FindAll(one => one.Version <= version).ForEach(one => one.Signal.TrySetResult());
                _awaited.RemoveAll(one => one.Version <= version);
            }
        }

        public Task AcknowledgedAsync(long version)
        {
            lock (_gate)
            {
                if (_acknowledged >= version)
                {
                    return Task.CompletedTask;
                }

                var signal = NewSignal();
                _awaited.Add((version, signal));
                return signal.Task;
            }
        }
    }
}
