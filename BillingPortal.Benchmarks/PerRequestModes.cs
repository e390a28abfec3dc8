using System.Threading.Channels;
using BillingPortal.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Benchmarks;

/// <summary>Sixteen connections, each with the mode's prepared statements, lent to one caller at a time.</summary>
internal abstract class PerRequestMode(string name, NpgsqlDataSource source) : IDebitMode
{
    protected const int Connections = 16;

    private readonly Channel<NpgsqlConnection> _idle = Channel.CreateUnbounded<NpgsqlConnection>();
    private readonly SemaphoreSlim _opening = new(1);
    private int _opened;

    public string Name => name;

    public virtual int CallersFor(int callers) => callers;

    public async Task DebitAsync(int caller, Guid tenantId)
    {
        if (!_idle.Reader.TryRead(out var connection))
        {
            connection = await OpenAsync() ?? await _idle.Reader.ReadAsync();
        }

        await DebitAsync(connection, tenantId);
        _idle.Writer.TryWrite(connection);
    }

    public async ValueTask DisposeAsync()
    {
        for (; _opened > 0; _opened--)
        {
            await (await _idle.Reader.ReadAsync()).DisposeAsync();
        }

        _opening.Dispose();
    }

    protected abstract Task DebitAsync(NpgsqlConnection connection, Guid tenantId);

    protected static async Task<NpgsqlCommand> CommandAsync(NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync(); // the pool keeps the statement prepared
        return command;
    }

    protected static NpgsqlParameter Uuid(Guid value) =>
        new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    protected static NpgsqlParameter Big(long value) =>
        new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private async Task<NpgsqlConnection?> OpenAsync()
    {
        if (Volatile.Read(ref _opened) == Connections)
        {
            return null;
        }

        await _opening.WaitAsync();
        try
        {
            if (_opened == Connections)
            {
                return null;
            }

            var connection = await source.OpenConnectionAsync();
            _opened++;
            return connection;
        }
        finally
        {
            _opening.Release();
        }
    }
}

/// <summary>The bare two statements in BEGIN … COMMIT: no idempotency, no judgement, no queue of callers.</summary>
internal sealed class LimitMode(NpgsqlDataSource source) : PerRequestMode("limit", source)
{
    public override int CallersFor(int callers) => Math.Min(callers, Connections);

    protected override async Task DebitAsync(NpgsqlConnection connection, Guid tenantId)
    {
        await using var update = await CommandAsync(
            connection,
            """
            UPDATE accounts SET balance_e4 = balance_e4 - 10000, last_seq = last_seq + 1 WHERE tenant_id = $1 AND unit = 'credits'
            RETURNING balance_e4, last_seq
            """,
            Uuid(tenantId));
        await using var transaction = await connection.BeginTransactionAsync();
        long balance, seq;
        await using (var reader = await update.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            (balance, seq) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        await using var insert = await CommandAsync(
            connection,
            """
            INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                                 counter_account, cause_type)
            VALUES ($1, 'credits', $2, -10000, $3, now(), now(), $4, 'usage', 'voice_revenue', 'benchmark')
            """,
            Uuid(tenantId), Big(seq), Big(balance), Uuid(Ids.New()));
        await insert.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}

/// <summary>One debit per commit from the same client: a guarded UPDATE and an INSERT in one function call.</summary>
internal sealed class BaselineMode(NpgsqlDataSource source) : PerRequestMode("baseline", source)
{
    public const string Setup =
        """
        CREATE OR REPLACE FUNCTION benchmark_baseline(p_tenant_id uuid, p_key uuid) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
          v_balance bigint;
          v_seq bigint;
        BEGIN
          UPDATE accounts SET balance_e4 = balance_e4 - 10000, last_seq = last_seq + 1
          WHERE tenant_id = p_tenant_id AND unit = 'credits' AND balance_e4 - held_e4 >= 10000
          RETURNING balance_e4, last_seq INTO v_balance, v_seq;
          IF v_seq IS NULL THEN
            RETURN NULL;
          END IF;
          INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                               counter_account, cause_type)
          VALUES (p_tenant_id, 'credits', v_seq, -10000, v_balance, now(), now(), p_key, 'usage', 'voice_revenue', 'benchmark');
          RETURN v_balance;
        END $$
        """;

    protected override async Task DebitAsync(NpgsqlConnection connection, Guid tenantId)
    {
        await using var call = await CommandAsync(connection, "SELECT benchmark_baseline($1, $2)", Uuid(tenantId), Uuid(Ids.New()));
        await call.ExecuteScalarAsync();
    }
}

/// <summary>The usual function of the field: SELECT … FOR UPDATE, check, look for a repeat, UPDATE, INSERT.</summary>
internal sealed class FieldMode(NpgsqlDataSource source) : PerRequestMode("field", source)
{
    public const string Setup =
        """
        CREATE OR REPLACE FUNCTION benchmark_field(p_tenant_id uuid, p_amount bigint, p_key uuid, p_description text) RETURNS bigint
        LANGUAGE plpgsql AS $$
        DECLARE
          v_account accounts;
        BEGIN
          SELECT * INTO v_account FROM accounts WHERE tenant_id = p_tenant_id AND unit = 'credits' FOR UPDATE;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'account not found';
          END IF;
          IF EXISTS (SELECT FROM entries WHERE idempotency_key = p_key AND tenant_id = p_tenant_id) THEN
            RETURN v_account.balance_e4;
          END IF;
          IF v_account.balance_e4 - v_account.held_e4 < p_amount THEN
            RAISE EXCEPTION 'insufficient credits';
          END IF;
          UPDATE accounts SET balance_e4 = v_account.balance_e4 - p_amount, last_seq = v_account.last_seq + 1
          WHERE tenant_id = p_tenant_id AND unit = 'credits';
          INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                               counter_account, cause_type, note)
          VALUES (p_tenant_id, 'credits', v_account.last_seq + 1, -p_amount, v_account.balance_e4 - p_amount, now(), now(), p_key,
                  'usage', 'voice_revenue', 'benchmark', p_description);
          RETURN v_account.balance_e4 - p_amount;
        END $$
        """;

    protected override async Task DebitAsync(NpgsqlConnection connection, Guid tenantId)
    {
        await using var call = await CommandAsync(
            connection, "SELECT benchmark_field($1, $2, $3, 'one call')", Uuid(tenantId), Big(10_000), Uuid(Ids.New()));
        await call.ExecuteScalarAsync();
    }
}
