using BillingPortal.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Ledger;

/// <summary>
/// One call of <c>ledger_post</c>: postings as parallel arrays in, answers as parallel arrays out. Kept and refilled by a writer, so that
/// the statement is prepared once and a batch allocates little. Not thread-safe.
/// </summary>
internal sealed class LedgerCommand : IDisposable
{
    private const string Sql = "SELECT * FROM ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

    private readonly List<Guid> _tenantIds = [];
    private readonly List<string> _units = [];
    private readonly List<string> _operations = [];
    private readonly List<long> _amounts = [];
    private readonly List<string> _kinds = [];
    private readonly List<string> _counters = [];
    private readonly List<Guid> _keys = [];
    private readonly List<string> _causeTypes = [];
    private readonly List<DateTime> _occurredAt = [];
    private readonly Optional<string?> _services = new();
    private readonly Optional<string?> _references = new();
    private readonly Optional<string?> _causeIds = new();
    private readonly Optional<string?> _notes = new();
    private readonly Optional<Guid?> _holdIds = new();
    private readonly Optional<DateTime?> _expiresAt = new();
    private readonly Optional<long?> _reversesSeqs = new();
    private readonly NpgsqlParameter<DateTime> _postedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlCommand _command = new(Sql);

    public LedgerCommand()
    {
        _command.Parameters.Add(_postedAt);
        AddArray(_tenantIds, NpgsqlDbType.Uuid);
        AddArray(_units, NpgsqlDbType.Text);
        AddArray(_operations, NpgsqlDbType.Text);
        AddArray(_amounts, NpgsqlDbType.Bigint);
        AddArray(_kinds, NpgsqlDbType.Text);
        AddArray(_counters, NpgsqlDbType.Text);
        AddArray(_keys, NpgsqlDbType.Uuid);
        AddArray(_causeTypes, NpgsqlDbType.Text);
        AddArray(_occurredAt, NpgsqlDbType.TimestampTz);
        AddArray(_services.Values, NpgsqlDbType.Text);
        AddArray(_references.Values, NpgsqlDbType.Text);
        AddArray(_causeIds.Values, NpgsqlDbType.Text);
        AddArray(_notes.Values, NpgsqlDbType.Text);
        AddArray(_holdIds.Values, NpgsqlDbType.Uuid);
        AddArray(_expiresAt.Values, NpgsqlDbType.TimestampTz);
        AddArray(_reversesSeqs.Values, NpgsqlDbType.Bigint);
    }

    /// <summary>Posts in the order given. Without a transaction the call is one by itself, durable when this returns.</summary>
    public async Task<PostResult[]> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<PendingPosting> batch, DateTimeOffset postedAt,
        bool prepare, CancellationToken cancellationToken)
    {
        Fill(batch, postedAt);
        _command.Connection = connection;
        _command.Transaction = transaction;
        if (prepare)
        {
            await _command.PrepareAsync(cancellationToken);
        }

        await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Answers(reader, batch);
    }

    public void Dispose() => _command.Dispose();

    private static PostResult[] Answers(NpgsqlDataReader reader, IReadOnlyList<PendingPosting> batch)
    {
        var results = new PostResult[batch.Count];
        var ords = reader.GetFieldValue<int[]>(0);
        var outcomes = reader.GetFieldValue<string[]>(1);
        var differ = reader.GetFieldValue<bool[]>(2);
        var balances = reader.GetFieldValue<long[]>(3);
        var availables = reader.GetFieldValue<long[]>(4);
        var debts = reader.GetFieldValue<long[]>(5);
        var seqs = reader.GetFieldValue<long[]>(6);
        var holdIds = reader.GetFieldValue<Guid?[]>(7);
        var posted = reader.GetFieldValue<long[]>(8);
        for (var i = 0; i < ords.Length; i++)
        {
            var unit = batch[ords[i] - 1].Posting.Amount.Unit;
            results[ords[i] - 1] = new PostResult(
                LedgerCodes.Outcome(outcomes[i]), differ[i], new Amount(balances[i], unit), new Amount(availables[i], unit),
                new Amount(debts[i], unit), seqs[i], holdIds[i], new Amount(posted[i], unit));
        }

        return results;
    }

    private void Fill(IReadOnlyList<PendingPosting> batch, DateTimeOffset postedAt)
    {
        Clear();
        _postedAt.TypedValue = postedAt.UtcDateTime;
        for (var i = 0; i < batch.Count; i++)
        {
            var posting = batch[i].Posting;
            _tenantIds.Add(posting.TenantId);
            _units.Add(posting.Amount.Unit.ToCode());
            _operations.Add(LedgerCodes.Of(posting.Operation));
            _amounts.Add(posting.Amount.E4);
            _kinds.Add(LedgerCodes.Of(posting.Kind));
            _counters.Add(LedgerCodes.Of(posting.Counter));
            _keys.Add(posting.Key);
            _causeTypes.Add(posting.CauseType);
            _occurredAt.Add(posting.OccurredAt.UtcDateTime);
            _services.Set(i, posting.Service);
            _references.Set(i, posting.Reference);
            _causeIds.Set(i, posting.CauseId);
            _notes.Set(i, posting.Note);
            _holdIds.Set(i, posting.HoldId ?? (posting.Operation == LedgerOperation.Hold ? Ids.New() : null));
            _expiresAt.Set(i, posting.ExpiresAt?.UtcDateTime);
            _reversesSeqs.Set(i, posting.ReversesSeq);
        }
    }

    private void Clear()
    {
        foreach (var list in (System.Collections.IList[])
            [_tenantIds, _units, _operations, _amounts, _kinds, _counters, _keys, _causeTypes, _occurredAt, _services.Values,
                _references.Values, _causeIds.Values, _notes.Values, _holdIds.Values, _expiresAt.Values, _reversesSeqs.Values])
        {
            list.Clear();
        }
    }

    private void AddArray<T>(List<T> values, NpgsqlDbType element) =>
        _command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });

    /// <summary>A column that most batches leave out: it grows only as far as its last value, the function fills up with nulls.</summary>
    private sealed class Optional<T>
    {
        public List<T> Values { get; } = [];

        public void Set(int index, T value)
        {
            if (value is null)
            {
                return;
            }

            while (Values.Count < index)
            {
                Values.Add(default!);
            }

            Values.Add(value);
        }
    }
}
