using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Outbox;

/// <summary>Rings reach open pages in every process, and nobody else pays for them.</summary>
public sealed class BalanceFeedTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_page_hears_of_a_commit_in_another_process()
    {
        await using var here = new Node(postgres);
        await using var there = new Node(postgres);
        var tenantId = Ids.New();
        var page = new Page();
        using var subscription = here.Feed.Subscribe(tenantId, page.ReadAsync);
        await there.UntilWatchedAsync(tenantId);

        await using (var unit = await there.Database.BeginOpsAsync())
        {
            there.Feed.Ring(unit, tenantId);
            await unit.CommitAsync();
        }

        await page.UntilReadAsync(times: 1);
    }

    [Fact]
    public async Task A_page_hears_of_batches_in_another_process()
    {
        await using var here = new Node(postgres);
        await using var there = new Node(postgres);
        var tenantId = Ids.New();
        var page = new Page();
        using var subscription = here.Feed.Subscribe(tenantId, page.ReadAsync);
        await there.UntilWatchedAsync(tenantId);

        await there.Feed.RingAsync([Ids.New(), tenantId]);

        await page.UntilReadAsync(times: 1);
    }

    [Fact]
    public async Task Nothing_is_sent_for_a_tenant_without_pages()
    {
        await using var here = new Node(postgres);
        await using var there = new Node(postgres);
        var (watched, unwatched) = (Ids.New(), Ids.New());
        var page = new Page();
        using var subscription = here.Feed.Subscribe(watched, page.ReadAsync);
        await there.UntilWatchedAsync(watched);
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = here.Signals.On("balance", payload =>
        {
            if (payload.Length > 0)
            {
                heard.TrySetResult(payload);
            }
        });

        Assert.False(there.Feed.IsWatched(unwatched));
        await there.Feed.RingAsync([unwatched]);
        await there.Feed.RingAsync([watched]);

        var payload = await heard.Task.WaitAsync(Patience);
        Assert.DoesNotContain(unwatched.ToString("N"), payload, StringComparison.Ordinal);
        Assert.Contains(watched.ToString("N"), payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rolled_back_change_does_not_ring()
    {
        await using var node = new Node(postgres);
        var tenantId = Ids.New();
        var page = new Page();
        using var subscription = node.Feed.Subscribe(tenantId, page.ReadAsync);
        await using (var unit = await node.Database.BeginOpsAsync())
        {
            node.Feed.Ring(unit, tenantId);
        }

        await node.Feed.RingAsync([tenantId]);
        await page.UntilReadAsync(times: 1);
        Assert.Equal(1, page.Reads);
    }

    // A hundred debits in one moment: one read at once, and one after the quarter second, which sees them all.
    [Fact]
    public async Task A_burst_of_rings_is_read_twice()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        var page = new Page();
        using var subscription = new FeedSubscription(Ids.New(), page.ReadAsync, _ => { }, clock, NullLogger.Instance);

        page.Hold();
        subscription.Ring();
        await page.UntilReadAsync(times: 1);
        foreach (var _ in Enumerable.Range(0, 99))
        {
            subscription.Ring();
        }

        page.LetGo();
        await page.UntilReadAsync(times: 2, step: () => clock.Advance(TimeSpan.FromMilliseconds(50)));
        await page.UntilIdleAsync();
        Assert.Equal(2, page.Reads);
    }

    [Fact]
    public async Task A_page_looks_again_by_itself_when_a_ring_was_lost()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        var page = new Page();
        using var subscription = new FeedSubscription(Ids.New(), page.ReadAsync, _ => { }, clock, NullLogger.Instance);

        clock.Advance(TimeSpan.FromSeconds(1));
        await page.UntilReadAsync(times: 1);
        await page.UntilIdleAsync();
        clock.Advance(TimeSpan.FromSeconds(30));
        await page.UntilReadAsync(times: 2);
    }

    [Fact]
    public async Task A_page_that_fails_hurts_neither_the_others_nor_whoever_rings()
    {
        await using var node = new Node(postgres);
        var tenantId = Ids.New();
        var page = new Page();
        using var broken = node.Feed.Subscribe(tenantId, () =>
            throw new InvalidOperationException("this page is broken"));
        using var sound = node.Feed.Subscribe(tenantId, page.ReadAsync);

        await node.Feed.RingAsync([tenantId]);

        await page.UntilReadAsync(times: 1);
    }

    [Fact]
    public async Task Closed_pages_are_not_rung()
    {
        await using var node = new Node(postgres);
        var tenantId = Ids.New();
        var (closed, open) = (new Page(), new Page());
        using var subscription = node.Feed.Subscribe(tenantId, open.ReadAsync);
        node.Feed.Subscribe(tenantId, closed.ReadAsync).Dispose();

        await node.Feed.RingAsync([tenantId]);

        await open.UntilReadAsync(times: 1);
        Assert.Equal(0, closed.Reads);
    }

    [Fact]
    public async Task Signals_come_back_after_the_connection_was_cut()
    {
        await using var node = new Node(postgres);
        var heard = new Page();
        using var registration = node.Signals.On("cut", payload => _ = payload == "after"
            ? heard.ReadAsync() : heard.NoteAsync());
        await heard.UntilNotedAsync(times: 1);

        await using (var cut = node.Database.Ops.CreateCommand(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'BillingPortal signals' AND usename = current_user AND datname = current_database()
            """))
        {
            await cut.ExecuteNonQueryAsync();
        }

        await heard.UntilNotedAsync(times: 2); // told that something may have been missed
        await using var notify = node.Database.Ops.CreateCommand("NOTIFY cut, 'after'");
        await notify.ExecuteNonQueryAsync();
        await heard.UntilReadAsync(times: 1);
    }

    /// <summary>What one process has.</summary>
    private sealed class Node : IAsyncDisposable
    {
        public Node(PostgresFixture postgres)
        {
            Database = new Database(postgres.Connections);
            Signals = new PostgresSignals(
                postgres.Connections, TimeProvider.System, NullLogger<PostgresSignals>.Instance);
            // A clock that stands still: no page looks again by itself.
            Feed = new BalanceFeed(Database, Signals, postgres.Clock, NullLogger<BalanceFeed>.Instance);
        }

        public Database Database { get; }

        public PostgresSignals Signals { get; }

        public BalanceFeed Feed { get; }

        public async Task UntilWatchedAsync(Guid tenantId)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!Feed.IsWatched(tenantId))
            {
                await Task.Delay(10, patience.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Feed.DisposeAsync();
            await Signals.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    /// <summary>An open page that counts its reads.</summary>
    private sealed class Page
    {
        private TaskCompletionSource _gate = Open();
        private int _reads;
        private int _notes;
        private int _done;

        public int Reads => Volatile.Read(ref _reads);

        public async Task ReadAsync()
        {
            Interlocked.Increment(ref _reads);
            await _gate.Task;
            Interlocked.Increment(ref _done);
        }

        public Task NoteAsync()
        {
            Interlocked.Increment(ref _notes);
            return Task.CompletedTask;
        }

        public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void LetGo() => _gate.SetResult();

        public Task UntilReadAsync(int times, Action? step = null) =>
            UntilAsync(() => Volatile.Read(ref _reads) >= times, step);

        public Task UntilNotedAsync(int times) => UntilAsync(() => Volatile.Read(ref _notes) >= times);

        public Task UntilIdleAsync() => UntilAsync(() => Volatile.Read(ref _done) == Volatile.Read(ref _reads));

        private static TaskCompletionSource Open()
        {
            var gate = new TaskCompletionSource();
            gate.SetResult();
            return gate;
        }

        private static async Task UntilAsync(Func<bool> condition, Action? step = null)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!condition())
            {
                step?.Invoke();
                await Task.Delay(10, patience.Token);
            }
        }
    }
}
