using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Outbox;
using Npgsql;

namespace BillingPortal.Ledger;

/// <summary>
/// Posts batches on a connection of its own, one batch at a time. A lost connection or a lost race repeats
/// the batch, which the keys make safe; a batch with a poisonous request is halved until that one fails alone.
/// </summary>
internal sealed partial class LedgerBatches(Database database, TimeProvider clock, BalanceFeed? feed, ILogger logger)
    : IAsyncDisposable
{
    private const int TriesMax = 4;

    private readonly LedgerCalls _calls = new();
    private NpgsqlConnection? _connection;

    /// <summary>Notes what became of each posting of the batch; its callers are answered by the lane. Never throws.</summary>
    public async Task PostAsync(IReadOnlyList<PendingPosting> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        using var span = LedgerMetrics.Span(batch);
        try
        {
            var results = await TryAsync(batch);
            for (var i = 0; i < results.Length; i++)
            {
                batch[i].Note(results[i]);
            }

            LedgerMetrics.Committed(batch, results, began);
            Ring(batch, results);
        }
        catch (PostgresException exception) when (batch.Count > 1 && !exception.IsTransient)
        {
            LogHalved(logger, exception, batch.Count);
            await PostAsync([.. batch.Take(batch.Count / 2)]);
            await PostAsync([.. batch.Skip(batch.Count / 2)]);
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception, batch.Count);
            LedgerMetrics.Count(batch, results: null);
            foreach (var pending in batch)
            {
                pending.Note(exception);
            }
        }
    }

    // Most tenants have no page open: nothing is collected for them.
    private void Ring(IReadOnlyList<PendingPosting> batch, PostResult[] results)
    {
        HashSet<Guid>? watched = null;
        for (var i = 0; feed is not null && i < results.Length; i++)
        {
            if (results[i].Outcome == PostOutcome.Posted && feed.IsWatched(batch[i].Posting.TenantId))
            {
                (watched ??= []).Add(batch[i].Posting.TenantId);
            }
        }

        if (watched is not null)
        {
            _ = feed!.RingAsync(watched);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _calls.Dispose();
        await DropConnectionAsync();
    }

    private async Task<PostResult[]> TryAsync(IReadOnlyList<PendingPosting> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var connection = _connection ??= await database.Ops.OpenConnectionAsync();
                return await _calls.ExecuteAsync(connection, null, batch, clock.GetUtcNow(), CancellationToken.None);
            }
            catch (Exception exception) when (attempt < TriesMax && IsWorthRepeating(exception))
            {
                LogRepeated(logger, exception, batch.Count, attempt);
                if (exception is not PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
                {
                    await DropConnectionAsync();
                    await Task.Delay(TimeSpan.FromMilliseconds(50 * attempt * attempt));
                }
            }
        }
    }

    // A key that raced in from another session; a deadlock, a restart, a lost connection; functions replaced by an upgrade in mid-call.
    private static bool IsWorthRepeating(Exception exception) =>
        exception is NpgsqlException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        || exception is PostgresException { SqlState: PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject }
        || (exception is NpgsqlException and not PostgresException);

    private async Task DropConnectionAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} postings is repeated after try {Attempt}")]
    private static partial void LogRepeated(ILogger logger, Exception exception, int count, int attempt);

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} postings failed and is posted in two halves")]
    private static partial void LogHalved(ILogger logger, Exception exception, int count);

    [LoggerMessage(LogLevel.Error, "{Count} postings failed and were not posted")]
    private static partial void LogFailed(ILogger logger, Exception exception, int count);
}
