using System.Collections.Concurrent;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BillingPortal.Tests.Outbox;

/// <summary>One process's outbox for messages of one kind, which no other test uses.</summary>
internal sealed class OutboxHarness : IAsyncDisposable
{
    private readonly Database _database;
    private readonly PostgresSignals _signals;
    private readonly ServiceProvider _provider;

    public OutboxHarness(PostgresFixture postgres, string kind, params RecordingHandler[] handlers)
    {
        Kind = kind;
        _database = new Database(postgres.Connections);
        _signals = new PostgresSignals(
            postgres.Connections, TimeProvider.System, NullLogger<PostgresSignals>.Instance);
        var services = new ServiceCollection();
        foreach (var handler in handlers)
        {
            services.AddSingleton<IOutboxHandler>(handler);
        }

        _provider = services.BuildServiceProvider();
        var bell = new OutboxBell();
        Writer = new OutboxWriter(postgres.Clock, bell);
        Dispatcher = new OutboxDispatcher(
            _provider.GetRequiredService<IServiceScopeFactory>(), _database, _signals, bell, postgres.Clock,
            NullLogger<OutboxDispatcher>.Instance)
        { Lease = Lease };
    }

    /// <summary>How long a claim outlives its process.</summary>
    public static TimeSpan Lease => TimeSpan.FromSeconds(6);

    public string Kind { get; }

    public OutboxWriter Writer { get; }

    public OutboxDispatcher Dispatcher { get; }

    public async Task EnqueueAsync(object payload, string? key = null, DateTimeOffset? notBefore = null)
    {
        await using var unit = await _database.BeginOpsAsync();
        Writer.Enqueue(unit, Kind, tenantId: null, payload, key, notBefore);
        await unit.CommitAsync();
    }

    /// <summary>Until when a process has the message of this kind.</summary>
    public async Task<DateTime> LeasedUntilAsync()
    {
        await using var command = _database.Ops.CreateCommand("SELECT leased_until FROM outbox_messages WHERE kind = $1");
        command.Parameters.AddWithValue(Kind);
        return (DateTime)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The messages of this kind as <c>pending</c>, <c>delivered</c> or <c>dead</c>, oldest first.</summary>
    public async Task<string[]> StatesAsync()
    {
        await using var command = _database.Ops.CreateCommand(
            """
            SELECT coalesce(array_agg(CASE WHEN delivered_at IS NOT NULL THEN 'delivered'
              WHEN dead_at IS NOT NULL THEN 'dead' ELSE 'pending' END || ':' || attempts ORDER BY id), '{}')
            FROM outbox_messages WHERE kind = $1
            """);
        command.Parameters.AddWithValue(Kind);
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Dispatcher.Dispose();
        await _signals.DisposeAsync();
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Writes down what it gets, and fails as told.</summary>
internal sealed class RecordingHandler(string kind) : IOutboxHandler
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Kind => kind;

    public ConcurrentQueue<OutboxMessage> Messages { get; } = new();

    public Func<OutboxMessage, Exception?> Fault { get; set; } = _ => null;

    /// <summary>Until it completes, the handler does not come back.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    public Task First => _first.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        Messages.Enqueue(message);
        _first.TrySetResult();
        await Work;
        if (Fault(message) is { } fault)
        {
            throw fault;
        }
    }
}

/// <summary>A fault that says itself whether trying again is of use.</summary>
internal sealed class StatedFault(bool isRetryable) : Exception("as the test wants it"), IFault
{
    public string Code => "stated";

    public bool IsRetryable => isRetryable;
}
