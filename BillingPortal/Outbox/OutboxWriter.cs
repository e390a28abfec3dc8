using System.Text.Json;
using BillingPortal.Data;
using BillingPortal.Kernel;
using NpgsqlTypes;

namespace BillingPortal.Outbox;

/// <summary>Writes messages in the caller's transaction: they exist exactly when its commit does.</summary>
public sealed class OutboxWriter(TimeProvider time, OutboxBell bell)
{
    // Without a conflict target, so that the role portal_app needs no right to read the table.
    private const string Insert =
        """
        WITH written AS (
          INSERT INTO outbox_messages (id, kind, tenant_id, key, payload, created_at, due_at, attempts, trace_parent)
          VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)
          ON CONFLICT DO NOTHING)
        SELECT pg_notify('outbox', '')
        """;

    /// <param name="unit">The message is written at its commit.</param>
    /// <param name="kind">Names the handler.</param>
    /// <param name="tenantId">Null means the unit's own tenant.</param>
    /// <param name="payload">Stored as JSON; ids and amounts, never a secret.</param>
    /// <param name="key">The same kind, tenant and key are written once; later ones are dropped.</param>
    /// <param name="notBefore">Null means at once.</param>
    /// <returns>The message's id; where the key was written before, one that no message has.</returns>
    public Guid Enqueue<T>(
        UnitOfWork unit, string kind, Guid? tenantId, T payload, string? key = null, DateTimeOffset? notBefore = null)
    {
        var id = Ids.New();
        var trace = Telemetry.TraceParent;
        var json = JsonSerializer.Serialize(payload, JsonSerializerOptions.Web);
        unit.BeforeCommit(async cancellationToken =>
        {
            await using var insert = unit.Command(
                Insert, id, kind, tenantId ?? unit.TenantId, key, json, time.GetUtcNow(),
                notBefore ?? DateTimeOffset.MinValue, trace);
            insert.Parameters[2].NpgsqlDbType = NpgsqlDbType.Uuid;
            insert.Parameters[3].NpgsqlDbType = NpgsqlDbType.Text;
            insert.Parameters[4].NpgsqlDbType = NpgsqlDbType.Jsonb;
            insert.Parameters[7].NpgsqlDbType = NpgsqlDbType.Text;
            await insert.ExecuteNonQueryAsync(cancellationToken);
        });
        unit.AfterCommit(bell.Ring);
        return id;
    }
}
