using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Ledger;

/// <summary>
/// The narrow door to money: every change of a balance goes through <c>PostAsync</c>. An answer is given only after the durable
/// commit; a cancelled caller never un-posts. Safe for concurrent use; stopping it posts what is queued.
/// </summary>
public sealed class LedgerWriter : IHostedLifecycleService, IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly BalanceFeed? _feed;
    private readonly LedgerLane[] _lanes;

    public LedgerWriter(
        Database database, TimeProvider clock, LedgerOptions? options = null, BalanceFeed? feed = null,
        ILogger<LedgerWriter>? logger = null)
    {
        _feed = feed;
        options ??= new LedgerOptions();
        options.Validate();
        _clock = clock;
        _lanes = [.. Enumerable.Range(0, options.Lanes).Select(_ =>
            new LedgerLane(new LedgerBatches(database, clock, feed, logger ?? NullLogger<LedgerWriter>.Instance), options))];
    }

    /// <summary>Postings that wait for the next commit.</summary>
    public int QueueDepth => _lanes.Sum(lane => lane.QueueDepth);

    /// <summary>Posts one request: at once when nothing else is being posted, else together with whatever has queued.</summary>
    public Task<PostResult> PostAsync(Posting posting, CancellationToken cancellationToken = default)
    {
        Check(posting);
        return LaneOf(posting).PostAsync(posting, cancellationToken);
    }

    /// <summary>Posts each request by itself: one that is refused does not hold back the others. Same order out as in.</summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        IReadOnlyList<Posting> postings, CancellationToken cancellationToken = default)
    {
        foreach (var posting in postings)
        {
            Check(posting);
        }

        var answers = new List<Task<PostResult>>(postings.Count);
        foreach (var posting in postings)
        {
            answers.Add(await LaneOf(posting).EnqueueAsync(posting, cancellationToken));
        }

        foreach (var lane in _lanes)
        {
            lane.WakeUp();
        }

        return await Task.WhenAll(answers).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Posts inside the caller's transaction, which commits it. At most once per transaction, so that accounts are locked in key
    /// order. Other sessions wait for these accounts until the commit: no provider call in between.
    /// </summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        UnitOfWork unit, IReadOnlyList<Posting> postings, CancellationToken cancellationToken = default)
    {
        var batch = new PendingPosting[postings.Count];
        for (var i = 0; i < batch.Length; i++)
        {
            Check(postings[i]);
            batch[i] = new PendingPosting(postings[i]);
        }

        if (batch.Length == 0)
        {
            return [];
        }

        using var calls = new LedgerCalls();
        var results = await calls.ExecuteAsync(unit.Connection, unit.Transaction, batch, _clock.GetUtcNow(), cancellationToken);
        LedgerMetrics.Count(batch, results);
        foreach (var tenantId in postings.Select(posting => posting.TenantId).Distinct())
        {
            _feed?.Ring(unit, tenantId);
        }

        return results;
    }

    /// <summary>Opens both accounts of a tenant, empty. Safe to repeat. For the operator's unit of work only.</summary>
    public async Task OpenAccountsAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var command = unit.Command("SELECT ledger_open_accounts($1)", tenantId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// The tenant's use may meet either account from now on: a repeat of what one has reserved is found from the other.
    /// Locks both. For the operator's unit of work only.
    /// </summary>
    public async Task ShareKeysAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var command = unit.Command("SELECT ledger_share_keys($1)", tenantId);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Below this available amount a debit, hold or capture writes a recharge request; null switches that off. When available is
    /// below already, the request is written now.
    /// </summary>
    public async Task SetRechargeBelowAsync(
        UnitOfWork unit, Guid tenantId, Unit accountUnit, Amount? below, CancellationToken cancellationToken = default)
    {
        if (below is { } amount && amount.Unit != accountUnit)
        {
            throw new ArgumentException($"The threshold of the {accountUnit.ToCode()} account must be in its unit.", nameof(below));
        }

        await using var command = unit.Command(
            "SELECT ledger_set_recharge_below($1, $2, $3, $4)",
            tenantId, accountUnit.ToCode(), below?.E4, _clock.GetUtcNow().UtcDateTime);
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            throw new InvalidOperationException($"Tenant {tenantId} has no {accountUnit.ToCode()} account.");
        }
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // When everybody else has stopped: requests, jobs and handlers post until their end, whatever the order of registration.
    async Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.DisposeAsync();
        }
    }

    // One tenant, one lane: its postings keep their order and two lanes never wait for one account.
    private LedgerLane LaneOf(Posting posting) => _lanes[(uint)posting.TenantId.GetHashCode() % _lanes.Length];

    private static void Check(Posting posting)
    {
        ReadOnlyWork.Refuse();
        var endsWhole = posting.Operation is LedgerOperation.Release or LedgerOperation.Expire or LedgerOperation.Settle;
        var needsHold = endsWhole
            || posting.Operation is LedgerOperation.Capture or LedgerOperation.Extend or LedgerOperation.Reserve
                or LedgerOperation.ReserveFully;
        if (!posting.Amount.IsPositive && !endsWhole)
        {
            throw new ArgumentException($"A {posting.Operation} needs an amount greater than zero, not {posting.Amount}.");
        }

        if (needsHold && posting.HoldId is null)
        {
            throw new ArgumentException($"A {posting.Operation} needs its hold.");
        }

        if (posting.HoldId is not null && !needsHold && posting.Operation is not LedgerOperation.Hold)
        {
            throw new ArgumentException($"A {posting.Operation} does not take a hold.");
        }

        if (posting.FromHoldId is not null && posting.Operation is not LedgerOperation.ReserveFully)
        {
            throw new ArgumentException($"A {posting.Operation} does not take over a hold.");
        }
    }
}
