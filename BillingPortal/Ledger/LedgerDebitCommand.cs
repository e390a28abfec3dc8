using BillingPortal.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Ledger;

/// <summary>
/// One call of <c>ledger_post_debit</c>: a debit alone, as plain parameters. Eighteen arrays of one element would cost the quiet caller
/// more than the posting. Kept and refilled like <see cref="LedgerCommand"/>. Not thread-safe.
/// </summary>
internal sealed class LedgerDebitCommand : IDisposable
{
    private const string Sql = "SELECT * FROM ledger_post_debit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

    private readonly NpgsqlCommand _command = new(Sql);
    private readonly NpgsqlParameter<DateTime> _postedAt;
    private readonly NpgsqlParameter<Guid> _tenantId;
    private readonly NpgsqlParameter<string> _unit;
    private readonly NpgsqlParameter<long> _amount;
    private readonly NpgsqlParameter<string> _kind;
    private readonly NpgsqlParameter<string> _counter;
    private readonly NpgsqlParameter<Guid> _key;
    private readonly NpgsqlParameter<string> _causeType;
    private readonly NpgsqlParameter<DateTime> _occurredAt;
    private readonly NpgsqlParameter<string?> _service;
    private readonly NpgsqlParameter<string?> _reference;
    private readonly NpgsqlParameter<string?> _causeId;
    private readonly NpgsqlParameter<string?> _note;
    private readonly NpgsqlParameter<long?> _reversesSeq;

    public LedgerDebitCommand()
    {
        _postedAt = Add<DateTime>(NpgsqlDbType.TimestampTz);
        _tenantId = Add<Guid>(NpgsqlDbType.Uuid);
        _unit = Add<string>(NpgsqlDbType.Text);
        _amount = Add<long>(NpgsqlDbType.Bigint);
        _kind = Add<string>(NpgsqlDbType.Text);
        _counter = Add<string>(NpgsqlDbType.Text);
        _key = Add<Guid>(NpgsqlDbType.Uuid);
        _causeType = Add<string>(NpgsqlDbType.Text);
        _occurredAt = Add<DateTime>(NpgsqlDbType.TimestampTz);
        _service = Add<string?>(NpgsqlDbType.Text);
        _reference = Add<string?>(NpgsqlDbType.Text);
        _causeId = Add<string?>(NpgsqlDbType.Text);
        _note = Add<string?>(NpgsqlDbType.Text);
        _reversesSeq = Add<long?>(NpgsqlDbType.Bigint);
    }

    /// <summary>A debit that touches no hold; everything else is for <see cref="LedgerCommand"/>.</summary>
    public static bool Takes(Posting posting) =>
        posting is { Operation: LedgerOperation.Debit, HoldId: null, FromHoldId: null };

    /// <summary>Without a transaction the call is one by itself, durable when this returns.</summary>
    public async Task<PostResult> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Posting posting, DateTimeOffset postedAt,
        CancellationToken cancellationToken)
    {
        Fill(posting, postedAt);
        _command.Connection = connection;
        _command.Transaction = transaction;
        _command.CommandTimeout = LedgerCommand.TimeoutIn(transaction);
        if (!_command.IsPrepared)
        {
            await _command.PrepareAsync(cancellationToken);
        }

        await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Answer(reader, posting.Amount);
    }

    public void Dispose() => _command.Dispose();

    // Columns that say nothing new are null: posted as asked, no difference, no debt, no hold.
    private static PostResult Answer(NpgsqlDataReader reader, Amount asked)
    {
        var isAsAsked = reader.IsDBNull(0);
        return new PostResult(
            isAsAsked ? PostOutcome.Posted : LedgerCodes.Outcome(reader.GetString(0)),
            !isAsAsked && reader.GetBoolean(1),
            new Amount(reader.GetInt64(2), asked.Unit),
            new Amount(reader.GetInt64(3), asked.Unit),
            new Amount(isAsAsked ? 0 : reader.GetInt64(4), asked.Unit),
            reader.GetInt64(5),
            isAsAsked || reader.IsDBNull(6) ? null : reader.GetGuid(6),
            isAsAsked ? asked : new Amount(reader.GetInt64(7), asked.Unit));
    }

    private void Fill(Posting posting, DateTimeOffset postedAt)
    {
        _postedAt.TypedValue = postedAt.UtcDateTime;
        _tenantId.TypedValue = posting.TenantId;
        _unit.TypedValue = posting.Amount.Unit.ToCode();
        _amount.TypedValue = posting.Amount.E4;
        _kind.TypedValue = LedgerCodes.Of(posting.Kind);
        _counter.TypedValue = LedgerCodes.Of(posting.Counter);
        _key.TypedValue = posting.Key;
        _causeType.TypedValue = posting.CauseType;
        _occurredAt.TypedValue = posting.OccurredAt.UtcDateTime;
        _service.TypedValue = posting.Service;
        _reference.TypedValue = posting.Reference;
        _causeId.TypedValue = posting.CauseId;
        _note.TypedValue = posting.Note;
        _reversesSeq.TypedValue = posting.ReversesSeq;
    }

    private NpgsqlParameter<T> Add<T>(NpgsqlDbType type)
    {
        var parameter = new NpgsqlParameter<T> { NpgsqlDbType = type };
        _command.Parameters.Add(parameter);
        return parameter;
    }
}
