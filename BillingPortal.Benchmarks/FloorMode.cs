using BillingPortal.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Benchmarks;

/// <summary>
/// The bare set-based UPDATE and INSERT on the same tables and indexes, at the batch size that ours reached, on as many connections:
/// nothing is judged, nobody is answered. Distinct tenants per batch.
/// </summary>
internal sealed class FloorMode(NpgsqlDataSource source, Guid[] tenants, int batch) : IDebitMode
{
    private const int Lanes = 2;

    private readonly NpgsqlConnection?[] _connections = new NpgsqlConnection?[Lanes];

    public string Name => "floor";

    public int DebitsPerCall => batch;

    public int CallersFor(int callers) => Lanes;

    public async Task DebitAsync(int caller, Guid tenantId)
    {
        var connection = _connections[caller] ??= await source.OpenConnectionAsync();
        var half = tenants.Length / Lanes;
        var picked = new HashSet<Guid>(batch);
        while (picked.Count < batch)
        {
            picked.Add(tenants[(caller * half) + Random.Shared.Next(half)]);
        }

        await using var command = new NpgsqlCommand(
            """
            WITH r AS (SELECT * FROM unnest($1, $2) AS r (tenant_id, key) ORDER BY tenant_id),
            u AS (UPDATE accounts AS a SET balance_e4 = a.balance_e4 - 10000, last_seq = a.last_seq + 1
                  FROM r WHERE a.tenant_id = r.tenant_id AND a.unit = 'credits'
                  RETURNING a.tenant_id, a.balance_e4, a.last_seq, r.key)
            INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                                 counter_account, cause_type)
            SELECT tenant_id, 'credits', last_seq, -10000, balance_e4, now(), now(), key, 'usage', 'voice_revenue', 'benchmark' FROM u
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. picked], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new NpgsqlParameter<Guid[]>
                {
                    TypedValue = [.. picked.Select(_ => Ids.New())],
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
                },
            },
        };
        await command.PrepareAsync();
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
