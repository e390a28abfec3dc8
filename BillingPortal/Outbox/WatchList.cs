using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Outbox;

/// <summary>
/// Which tenants have a page open in any process. Written by the processes with pages, read as a snapshot by all:
/// asking costs nothing, so that a debit for a tenant nobody looks at sends no signal at all.
/// </summary>
internal sealed class WatchList(Database database, Guid node)
{
    private const int KeepSeconds = 90;
    private volatile HashSet<Guid> _watched = [];

    public bool Contains(Guid tenantId) => _watched.Contains(tenantId);

    /// <summary>Announces this process's pages for another 90 s, and tells the other processes at once.</summary>
    public async Task AnnounceAsync(Guid[] tenantIds, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            WITH gone AS (DELETE FROM balance_watches WHERE until < now() - interval '1 hour'),
            announced AS (
              INSERT INTO balance_watches (tenant_id, node, until)
              SELECT tenant, $2, now() + make_interval(secs => $3) FROM unnest($1) AS tenant
              ON CONFLICT (tenant_id, node) DO UPDATE SET until = excluded.until)
            SELECT pg_notify('balance_watches', '')
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = tenantIds });
        command.Parameters.Add(new NpgsqlParameter { Value = node });
        command.Parameters.Add(new NpgsqlParameter { Value = (double)KeepSeconds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            "SELECT DISTINCT tenant_id FROM balance_watches WHERE until > now()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var watched = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            watched.Add(reader.GetGuid(0));
        }

        _watched = watched;
    }
}
