using System.Collections.Concurrent;

namespace BillingPortal.Tenants.Tokens;

/// <summary>
/// Remembers what issuers publish: documents and keys, for an hour. An unknown key asks again, at most once a minute and by one request
/// for all who wait. While an issuer is down its last keys stay good for a day, and no longer: a key taken back must end.
/// </summary>
internal sealed partial class IssuerKeys(IssuerClient client, TimeProvider clock, ILogger<IssuerKeys> logger)
{
    private const int IssuersMax = 2_000;
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IssuerSource, Entry> _entries = new();

    private IssuerClient Client => client;

    private ILogger Log => logger;

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>
    /// The keys that a token of that algorithm may be signed with: those of its id, or without one the only key of that kind. Empty when
    /// there is none, whatever the reason.
    /// </summary>
    public async Task<IReadOnlyList<TokenKey>> FindAsync(
        IssuerSource source, string? keyId, TokenAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var entry = EntryOf(source);
        var now = clock.GetUtcNow();
        var found = entry.Find(keyId, algorithm, now);
        if (found.Count == 0)
        {
            await entry.RefreshAsync(now).WaitAsync(cancellationToken);
            return entry.Find(keyId, algorithm, now);
        }

        if (entry.IsStale(now))
        {
            _ = entry.RefreshAsync(now); // nobody waits for it
        }

        return found;
    }

    /// <summary>The issuer's document, not older than an hour, or while it is down a day.</summary>
    /// <exception cref="IssuerException">There is none.</exception>
    public async Task<IssuerDocument> DocumentAsync(IssuerSource source, CancellationToken cancellationToken)
    {
        var entry = EntryOf(source);
        var now = clock.GetUtcNow();
        if (entry.IsStale(now))
        {
            await entry.RefreshAsync(now).WaitAsync(cancellationToken);
        }

        return entry.Document(now)
            ?? throw new IssuerException(IssuerFault.Unreachable, entry.LastFault ?? "The issuer could not be read a moment ago.");
    }

    private Entry EntryOf(IssuerSource source)
    {
        // Forgetting everybody costs a request each; remembering everybody would cost the process.
        if (_entries.Count > IssuersMax)
        {
            _entries.Clear();
        }

        return _entries.GetOrAdd(source, one => new Entry(this, one));
    }

    [LoggerMessage(LogLevel.Warning, "Issuer {Issuer} could not be read: {Fault}")]
    private static partial void LogFault(ILogger logger, string issuer, string fault);

    private sealed class Entry(IssuerKeys owner, IssuerSource source)
    {
        private readonly Lock _gate = new();
        private Task? _running;
        private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
        private volatile Known? _known;

        public string? LastFault { get; private set; }

        public bool IsStale(DateTimeOffset now) => _known is not { } known || now - known.At >= FreshFor;

        public IssuerDocument? Document(DateTimeOffset now) => IsGood(now) ? _known!.Document : null;

        public List<TokenKey> Find(string? keyId, TokenAlgorithm algorithm, DateTimeOffset now)
        {
            if (!IsGood(now))
            {
                return [];
            }

            var fitting = _known!.Keys.Where(key => key.Algorithm == algorithm && (keyId is null || key.Id == keyId)).ToList();
            return keyId is not null || fitting.Count == 1 ? fitting : [];
        }

        // Never fails: what came of it stands in the entry. Nobody's going away ends it for the others.
        public Task RefreshAsync(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_running is { IsCompleted: false })
                {
                    return _running;
                }

                if (now - _askedAt < Pause)
                {
                    return Task.CompletedTask;
                }

                _askedAt = now;
                return _running = Task.Run(FetchAsync);
            }
        }

        private async Task FetchAsync()
        {
            try
            {
                var document = source.JwksUri is { } jwks
                    ? new IssuerDocument(source.Issuer, jwks)
                    : await owner.Client.DiscoverAsync(source.Issuer, CancellationToken.None);
                var keys = await owner.Client.KeysAsync(document.JwksUri, CancellationToken.None);
                _known = new Known(document, keys, owner.Now);
                LastFault = null;
            }
            catch (Exception failure)
            {
                LastFault = failure is IssuerException ? failure.Message : "The issuer could not be read.";
                LogFault(owner.Log, source.Issuer, failure is IssuerException ? failure.Message : failure.ToString());
            }
        }

        private bool IsGood(DateTimeOffset now) => _known is { } known && now - known.At < GoodFor;
    }

    private sealed record Known(IssuerDocument Document, IReadOnlyList<TokenKey> Keys, DateTimeOffset At);
}

/// <summary>An issuer, and where its keys are when its own document is not to be asked.</summary>
internal sealed record IssuerSource(string Issuer, Uri? JwksUri = null);
