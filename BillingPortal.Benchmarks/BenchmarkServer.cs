using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Benchmarks;

/// <summary>
/// A migrated database with many funded tenants, on a durable server: started and thrown away here, or the operator's own. Refuses to
/// measure when a commit does not wait for the disk.
/// </summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private const string OtherSessions =
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
        """;

    private readonly PostgresProcess? _server;
    private readonly string? _folder;

    private BenchmarkServer(string owner, PostgresProcess? server, string? folder)
    {
        _server = server;
        _folder = folder;
        Connections = ConnectionStrings.FromOwner(owner);
        Owner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(owner) { MaxPoolSize = 100, NoResetOnClose = true });
        Database = new Database(Connections);
    }

    public ConnectionStrings Connections { get; }

    /// <summary>Writes the tables directly, for the modes that ours is compared with.</summary>
    public NpgsqlDataSource Owner { get; }

    public Database Database { get; }

    /// <summary>Null for a server of the operator's own.</summary>
    public int? ProcessId => _server?.Process.Id;

    public Guid[] Tenants { get; private set; } = [];

    public static async Task<BenchmarkServer> StartAsync(LedgerBenchmarkOptions options)
    {
        var server = options.Connection is { } connection ? new BenchmarkServer(connection, null, null) : await StartOwnAsync();
        await server.RequireDurabilityAsync(server.Owner);
        await new Migrator(server.Connections, NullLogger<Migrator>.Instance).MigrateAsync();
        NpgsqlConnection.ClearAllPools();
        await server.RequireDurabilityAsync(server.Database.Ops);
        if (options.Tenants > 0)
        {
            await server.FundAsync(options.Tenants);
        }

        return server;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        command.CommandTimeout = 7200;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        command.CommandTimeout = 7200;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Closes what the modes have left in the pools, and waits until the server has counted what those sessions did.</summary>
    public async Task EndSessionsAsync()
    {
        Database.Ops.Clear();
        Owner.Clear();
        for (var attempt = 0; attempt < 200 && await ScalarAsync<long>(OtherSessions) > 0; attempt++)
        {
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Owner.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            Directory.Delete(_folder!, recursive: true);
        }
    }

    // Asked as both roles that are measured: a role may have settings of its own.
    private async Task RequireDurabilityAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            "SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'))");
        var settings = (string)(await command.ExecuteScalarAsync())!;
        if (settings is not ("on on on" or "on remote_apply on"))
        {
            throw new InvalidOperationException(
                $"This server does not commit durably (fsync, synchronous_commit, full_page_writes are {settings}): nothing is measured.");
        }
    }

    // Every account starts with one entry, so that the audit can prove the books afterwards.
    private async Task FundAsync(int tenants)
    {
        await ExecuteAsync("TRUNCATE accounts, entries, debt_entries, holds, recharge_requests, ledger_proofs, ledger_audit_runs CASCADE");
        Tenants = [.. Enumerable.Range(0, tenants).Select(_ => Ids.New())];
        await using var fund = Owner.CreateCommand(
            """
            WITH t AS (SELECT * FROM unnest($1) AS t (id)),
            a AS (INSERT INTO accounts (tenant_id, unit, balance_e4, held_e4, debt_e4, last_seq, last_debt_seq, crossings, has_side_keys)
                  SELECT id, 'credits', 1000000000000, 0, 0, 1, 0, 0, false FROM t)
            INSERT INTO entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
                                 counter_account, cause_type)
            SELECT id, 'credits', 1, 1000000000000, 1000000000000, now(), now(), id, 'purchase', 'card_clearing', 'benchmark' FROM t
            """);
        fund.Parameters.Add(new() { Value = Tenants });
        fund.CommandTimeout = 7200;
        await fund.ExecuteNonQueryAsync();
        await ExecuteAsync("VACUUM (ANALYZE) accounts, entries");
        await ExecuteAsync("CHECKPOINT");
    }

    private static async Task<BenchmarkServer> StartOwnAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-benchmark-{Environment.ProcessId}");
        var server = await PostgresProcess.StartAsync(folder,
            ["max_connections=200", "shared_buffers=1GB", "max_wal_size=16GB", "checkpoint_timeout=1h", "track_wal_io_timing=off"]);
        return new BenchmarkServer(server.Owner(), server, folder);
    }
}
