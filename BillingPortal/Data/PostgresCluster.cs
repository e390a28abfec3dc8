using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>One PostgreSQL data folder and the server that runs on it, under a user that is not root.</summary>
internal sealed class PostgresCluster
{
    private readonly string _bin;
    private readonly string _data;
    private readonly string _log;
    private readonly string _passwordFile;
    private readonly string _administrator;
    private readonly string? _user = OperatingUser;

    public PostgresCluster(string folder, string administrator)
    {
        _bin = PostgresBinaries.Find(Path.Combine(folder, "npm"));
        _data = Path.Combine(folder, "postgres");
        _log = Path.Combine(folder, "postgres", "server.log");
        _passwordFile = Path.Combine(folder, "postgres.password");
        _administrator = administrator;
    }

    /// <summary>Whom a server runs as when this process is root, which PostgreSQL refuses; else null, this process's own user.</summary>
    public static string? OperatingUser => !Environment.IsPrivilegedProcess ? null
        : File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = RunningPort() ?? throw new EmbeddedPostgresException("The embedded PostgreSQL is not running."),
        Database = database,
        Username = _administrator,
        Password = File.ReadAllText(_passwordFile).Trim(),
        IncludeErrorDetail = true,
    }.ConnectionString;

    public void StartUnlessRunning()
    {
        if (RunningPort() is not null)
        {
            return;
        }

        if (!File.Exists(Path.Combine(_data, "PG_VERSION")))
        {
            Initialise();
        }

        var options = $"-p {FreePort()} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200";
        Run("pg_ctl", "start", "-D", _data, "-w", "-t", "60", "-l", _log, "-o", options);
    }

    public void Stop() => Run("pg_ctl", "stop", "-D", _data, "-m", "fast", "-w");

    public async Task EnsureDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var exists = source.CreateCommand("SELECT 1 FROM pg_database WHERE datname = $1");
        exists.Parameters.Add(new NpgsqlParameter { Value = name });
        if (await exists.ExecuteScalarAsync() is null)
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {name}");
            await create.ExecuteNonQueryAsync();
        }
    }

    /// <summary>True while another process is connected. What this process left open does not count: it is leaving.</summary>
    public async Task<bool> HasOtherClientsAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var count = source.CreateCommand(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> $1
            """);
        count.Parameters.Add(new NpgsqlParameter { Value = ConnectionStrings.OwnName });
        return (long)(await count.ExecuteScalarAsync())! > 0;
    }

    private void Initialise()
    {
        Directory.CreateDirectory(_data);
        File.WriteAllText(_passwordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        File.SetUnixFileMode(_passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (_user is not null)
        {
            Execute("chown", ["-R", _user, _data, _passwordFile], user: null);
        }

        Run("initdb", "-D", _data, "-U", _administrator, "-A", "scram-sha-256", $"--pwfile={_passwordFile}", "-E", "UTF8", "--no-locale");
    }

    // postmaster.pid: line 1 the process, line 4 the port. A server that was killed leaves the file behind.
    private int? RunningPort()
    {
        var file = Path.Combine(_data, "postmaster.pid");
        if (!File.Exists(file) || File.ReadAllLines(file) is not { Length: >= 4 } lines)
        {
            return null;
        }

        var process = int.Parse(lines[0], CultureInfo.InvariantCulture);
        var comm = $"/proc/{process}/comm";
        return File.Exists(comm) && File.ReadAllText(comm).StartsWith("postgres", StringComparison.Ordinal)
            ? int.Parse(lines[3], CultureInfo.InvariantCulture)
            : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Run(string program, params string[] arguments) => Execute(Path.Combine(_bin, program), arguments, _user);

    // pg_ctl puts the server into a session of its own, so that Ctrl-C reaches the portal alone and the server stops last.
    private static void Execute(string program, string[] arguments, string? user)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, WorkingDirectory = "/" };
        if (user is not null)
        {
            start.UserName = user;
        }

        start.RedirectStandardOutput = !arguments.Contains("start");
        using var process = Process.Start(start)!;
        if (start.RedirectStandardOutput)
        {
            process.StandardOutput.ReadToEnd();
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"{Path.GetFileName(program)} failed: {process.StandardError.ReadToEnd().Trim()}");
        }
    }
}
