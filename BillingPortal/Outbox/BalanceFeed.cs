using System.Collections.Concurrent;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Outbox;

/// <summary>
/// The doorbell of open pages. It says that something of a tenant changed, never what: the page reads for itself. Rings
/// reach every process, and are sent for tenants with an open page only. A lost ring is made good within half a minute.
/// </summary>
public sealed class BalanceFeed : IAsyncDisposable
{
    private readonly Guid _node = Ids.New();
    private readonly TimeProvider _time;
    private readonly ILogger<BalanceFeed> _logger;
    private readonly FeedLink _link;
    private readonly IDisposable[] _registrations;
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<FeedSubscription, byte>> _pages = new();

    public BalanceFeed(Database database, PostgresSignals signals, TimeProvider time, ILogger<BalanceFeed> logger)
    {
        _time = time;
        _logger = logger;
        _link = new FeedLink(database, _node, OpenHere, time, logger);
        _link.Start();
        _registrations = [signals.On("balance", Heard), signals.On("balance_watches", _ => _link.Refresh())];
    }

    /// <summary>
    /// Calls <paramref name="changed"/> after changes of this tenant, anywhere: one call at a time, four a second at
    /// most, always one after the last change. Subscribe first, then read; dispose with the page.
    /// </summary>
    public IDisposable Subscribe(Guid tenantId, Func<Task> changed)
    {
        var pages = _pages.GetOrAdd(tenantId, _ => new());
        var isFirst = pages.IsEmpty;
        var page = new FeedSubscription(tenantId, changed, Leave, _time, _logger);
        pages.TryAdd(page, 0);
        if (isFirst)
        {
            _link.Announce(tenantId);
        }

        return page;
    }

    /// <summary>Whether a page of this tenant is open in any process, as far as this one knows.</summary>
    public bool IsWatched(Guid tenantId) => HasPages(tenantId) || _link.IsOpenAnywhere(tenantId);

    /// <summary>Rings at the unit's commit, and not at all if it rolls back.</summary>
    public void Ring(UnitOfWork unit, Guid tenantId)
    {
        if (!IsWatched(tenantId))
        {
            return;
        }

        unit.BeforeCommit(async cancellationToken =>
        {
            await using var notify = unit.Command(
                "SELECT pg_notify('balance', $1)", FeedSignal.Write(_node, [tenantId]));
            await notify.ExecuteNonQueryAsync(cancellationToken);
        });
        unit.AfterCommit(() => RingPages(tenantId));
    }

    /// <summary>
    /// Rings for tenants whose rows are committed already. It never waits for the database: the signal to the other
    /// processes follows by itself, together with those of other batches.
    /// </summary>
    public Task RingAsync(IReadOnlyCollection<Guid> tenantIds, CancellationToken cancellationToken = default)
    {
        foreach (var tenantId in tenantIds.Where(IsWatched))
        {
            RingPages(tenantId);
            _link.Send(tenantId);
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        await _link.DisposeAsync();
    }

    private bool HasPages(Guid tenantId) => _pages.TryGetValue(tenantId, out var pages) && !pages.IsEmpty;

    private Guid[] OpenHere() => [.. _pages.Keys.Where(HasPages)];

    private void Leave(FeedSubscription page)
    {
        if (_pages.TryGetValue(page.TenantId, out var pages))
        {
            pages.TryRemove(page, out _);
        }
    }

    private void RingPages(Guid tenantId)
    {
        if (_pages.TryGetValue(tenantId, out var pages))
        {
            foreach (var page in pages.Keys)
            {
                page.Ring();
            }
        }
    }

    // An empty payload means that rings may have been lost while the connection was away.
    private void Heard(string payload)
    {
        var (node, tenantIds) = FeedSignal.Read(payload);
        foreach (var tenantId in payload.Length == 0 ? OpenHere() : node == _node ? [] : tenantIds)
        {
            RingPages(tenantId);
        }
    }
}
