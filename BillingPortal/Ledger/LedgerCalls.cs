using Npgsql;

namespace BillingPortal.Ledger;

/// <summary>Chooses how a batch is posted: one debit alone with plain parameters, everything else as arrays. Not thread-safe.</summary>
internal sealed class LedgerCalls : IDisposable
{
    private LedgerDebitCommand? _debit;
    private LedgerCommand? _many;

    /// <summary>Posts in the order given. Without a transaction the call is one by itself, durable when this returns.</summary>
    public async Task<PostResult[]> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<PendingPosting> batch, DateTimeOffset postedAt,
        CancellationToken cancellationToken)
    {
        if (batch.Count == 1 && LedgerDebitCommand.Takes(batch[0].Posting))
        {
            _debit ??= new LedgerDebitCommand();
            return [await _debit.ExecuteAsync(connection, transaction, batch[0].Posting, postedAt, cancellationToken)];
        }

        _many ??= new LedgerCommand();
        return await _many.ExecuteAsync(connection, transaction, batch, postedAt, cancellationToken);
    }

    public void Dispose()
    {
        _debit?.Dispose();
        _many?.Dispose();
    }
}
