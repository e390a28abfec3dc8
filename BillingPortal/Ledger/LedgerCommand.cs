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
    private const string Sql =
        "SELECT * FROM ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";

    private const int SecondsInTransaction = 30;

    private readonly List<Guid> _tenantIds = [];
    private readonly Uniform _units = new();
    private readonly Uniform _operations = new();
    private readonly List<long> _amounts = [];
    private readonly Uniform _kinds = new();
    private readonly Uniform _counters = new();
    private readonly List<Guid> _keys = [];
    private readonly Uniform _causeTypes = new();
    private readonly List<DateTime> _occurredAt = [];
    private readonly Optional<string?> _services = new();
    private readonly Optional<string?> _references = new();
    private readonly Optional<string?> _causeIds = new();
    private readonly Optional<string?> _notes = new();
    private readonly Optional<Guid?> _holdIds = new();
    private readonly Optional<DateTime?> _expiresAt = new();
    private readonly Optional<long?> _reversesSeqs = new();
    private readonly Optional<Guid?> _fromHoldIds = new();
    private readonly HashSet<Guid> _tenants = [];
    private readonly NpgsqlParameter<bool> _isDistinct = new() { NpgsqlDbType = NpgsqlDbType.Boolean };
    private readonly NpgsqlParameter<DateTime> _postedAt = new() { NpgsqlDbType = NpgsqlDbType.TimestampTz };
    private readonly NpgsqlCommand _command = new(Sql);

    public LedgerCommand()
    {
        _command.Parameters.Add(_postedAt);
        AddArray(_tenantIds, NpgsqlDbType.Uuid);
        AddArray(_units.Values, NpgsqlDbType.Text);
        AddArray(_operations.Values, NpgsqlDbType.Text);
        AddArray(_amounts, NpgsqlDbType.Bigint);
        AddArray(_kinds.Values, NpgsqlDbType.Text);
        AddArray(_counters.Values, NpgsqlDbType.Text);
        AddArray(_keys, NpgsqlDbType.Uuid);
        AddArray(_causeTypes.Values, NpgsqlDbType.Text);
        AddArray(_occurredAt, NpgsqlDbType.TimestampTz);
        AddArray(_services.Values, NpgsqlDbType.Text);
        AddArray(_references.Values, NpgsqlDbType.Text);
        AddArray(_causeIds.Values, NpgsqlDbType.Text);
        AddArray(_notes.Values, NpgsqlDbType.Text);
        AddArray(_holdIds.Values, NpgsqlDbType.Uuid);
        AddArray(_expiresAt.Values, NpgsqlDbType.TimestampTz);
        AddArray(_reversesSeqs.Values, NpgsqlDbType.Bigint);
        AddArray(_fromHoldIds.Values, NpgsqlDbType.Uuid);
        _command.Parameters.Add(_isDistinct);
    }

    /// <summary>Posts in the order given. Without a transaction the call is one by itself, durable when this returns.</summary>
    public async Task<PostResult[]> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<PendingPosting> batch, DateTimeOffset postedAt,
        CancellationToken cancellationToken)
    {
        Fill(batch, postedAt);
        _command.Connection = connection;
        _command.Transaction = transaction;
        _command.CommandTimeout = TimeoutIn(transaction);
        if (!_command.IsPrepared)
        {
            await _command.PrepareAsync(cancellationToken);
        }

        await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Answers(reader, batch);
    }

    public void Dispose() => _command.Dispose();

    /// <summary>By itself it is its own commit, which waits for a synchronous standby, however long (see UnitOfWork.CommitAsync).</summary>
    internal static int TimeoutIn(NpgsqlTransaction? transaction) => transaction is null ? 0 : SecondsInTransaction;

    // Columns that say nothing new are null: everything posted as asked, no difference, no debt, no hold.
    private static PostResult[] Answers(NpgsqlDataReader reader, IReadOnlyList<PendingPosting> batch)
    {
        var results = new PostResult[batch.Count];
        var ords = reader.GetFieldValue<int[]>(0);
        var outcomes = Column<string[]>(reader, 1);
        var differ = Column<bool[]>(reader, 2);
        var balances = reader.GetFieldValue<long[]>(3);
        var availables = reader.GetFieldValue<long[]>(4);
        var debts = Column<long[]>(reader, 5);
        var seqs = reader.GetFieldValue<long[]>(6);
        var holdIds = Column<Guid?[]>(reader, 7);
        var posted = Column<long[]>(reader, 8);
        for (var i = 0; i < ords.Length; i++)
        {
            var asked = batch[ords[i] - 1].Posting.Amount;
            results[ords[i] - 1] = new PostResult(
                outcomes is null ? PostOutcome.Posted : LedgerCodes.Outcome(outcomes[i]),
                differ?[i] ?? false,
                new Amount(balances[i], asked.Unit),
                new Amount(availables[i], asked.Unit),
                new Amount(debts?[i] ?? 0, asked.Unit),
                seqs[i],
                holdIds?[i],
                posted is null ? asked : new Amount(posted[i], asked.Unit));
        }

        return results;
    }

    private static T? Column<T>(NpgsqlDataReader reader, int ordinal)
        where T : class => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);

    private void Fill(IReadOnlyList<PendingPosting> batch, DateTimeOffset postedAt)
    {
        Clear();
        _postedAt.TypedValue = postedAt.UtcDateTime;
        for (var i = 0; i < batch.Count; i++)
        {
            var posting = batch[i].Posting;
            _tenantIds.Add(posting.TenantId);
            _tenants.Add(posting.TenantId);
            _units.Set(i, posting.Amount.Unit.ToCode());
            _operations.Set(i, LedgerCodes.Of(posting.Operation));
            _amounts.Add(posting.Amount.E4);
            _kinds.Set(i, LedgerCodes.Of(posting.Kind));
            _counters.Set(i, LedgerCodes.Of(posting.Counter));
            _keys.Add(posting.Key);
            _causeTypes.Set(i, posting.CauseType);
            _occurredAt.Add(posting.OccurredAt.UtcDateTime);
            _services.Set(i, posting.Service);
            _references.Set(i, posting.Reference);
            _causeIds.Set(i, posting.CauseId);
            _notes.Set(i, posting.Note);
            _holdIds.Set(i, posting.HoldId ?? (posting.Operation == LedgerOperation.Hold ? Ids.New() : null));
            _expiresAt.Set(i, posting.ExpiresAt?.UtcDateTime);
            _reversesSeqs.Set(i, posting.ReversesSeq);
            _fromHoldIds.Set(i, posting.FromHoldId);
        }

        _isDistinct.TypedValue = _tenants.Count == batch.Count;
    }

    private void Clear()
    {
        foreach (var list in (System.Collections.IList[])
            [_tenantIds, _units.Values, _operations.Values, _amounts, _kinds.Values, _counters.Values, _keys, _causeTypes.Values,
                _occurredAt, _services.Values,
                _references.Values, _causeIds.Values, _notes.Values, _holdIds.Values, _expiresAt.Values, _reversesSeqs.Values,
                _fromHoldIds.Values])
        {
            list.Clear();
        }

        _tenants.Clear();
    }

    private void AddArray<T>(List<T> values, NpgsqlDbType element) =>
        _command.Parameters.Add(new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });

    /// <summary>A column that is mostly the same all over: then its first value stands for all.</summary>
    private sealed class Uniform
    {
        public List<string> Values { get; } = [];

        public void Set(int index, string value)
        {
            if (index > 0 && Values.Count == 1 && (ReferenceEquals(value, Values[0]) || value == Values[0]))
            {
                return;
            }

            while (Values.Count < index)
            {
                Values.Add(Values[0]);
            }

            Values.Add(value);
        }
    }

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
