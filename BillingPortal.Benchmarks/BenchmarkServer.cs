using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Benchmarks;

/// <summary>
/// A migrated database with many funded tenants, on a durable server: started and thrown away here, or the operator's own. Refuses to
/// measure when a commit does not wait for the disk.
/// </summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly Process? _server;
    private readonly string? _folder;

    private BenchmarkServer(string owner, Process? server, string? folder)
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
    public int? ProcessId => _server?.Id;

    public Guid[] Tenants { get; private set; } = [];

    public static async Task<BenchmarkServer> StartAsync(LedgerBenchmarkOptions options)
    {
        var server = options.Connection is { } connection ? new BenchmarkServer(connection, null, null) : await StartOwnAsync();
        await server.RequireDurabilityAsync();
        await new Migrator(server.Connections, NullLogger<Migrator>.Instance).MigrateAsync();
        NpgsqlConnection.ClearAllPools();
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

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Owner.DisposeAsync();
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            Directory.Delete(_folder!, recursive: true);
        }
    }

    private async Task RequireDurabilityAsync()
    {
        var settings = await ScalarAsync<string>(
            "SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'))");
        if (settings != "on on on")
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
        var bin = PostgresBinaries.Find(Path.Combine(AppContext.BaseDirectory, "postgres-npm"));
        var user = !Environment.IsPrivilegedProcess ? null
            : File.ReadAllText("/etc/passwd").Contains("\npostgres:", StringComparison.Ordinal) ? "postgres" : "nobody";
        Directory.CreateDirectory(folder);
        if (user is not null)
        {
            await RunAsync("chown", [user, folder], null).WaitForExitAsync();
        }

        await RunAsync($"{bin}/initdb", ["-D", folder, "-U", "portal_admin", "-A", "trust", "-E", "UTF8", "--no-locale"], user)
            .WaitForExitAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        string[] settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=1GB",
            "max_wal_size=16GB", "checkpoint_timeout=1h", "track_wal_io_timing=off"];
        var process = RunAsync(
            $"{bin}/postgres", ["-D", folder, "-p", $"{port}", .. settings.SelectMany(setting => new[] { "-c", setting })], user);
        var owner = $"Host=127.0.0.1;Port={port};Username=portal_admin;Database=postgres";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(owner + ";Pooling=false");
                await connection.OpenAsync();
                return new BenchmarkServer(owner, process, folder);
            }
            catch (NpgsqlException) when (attempt < 300)
            {
                await Task.Delay(50);
            }
        }
    }

    private static Process RunAsync(string program, string[] arguments, string? user)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (user is not null)
        {
            start.UserName = user;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
