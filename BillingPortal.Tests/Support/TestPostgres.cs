using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BillingPortal.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Tests.Support;

/// <summary>
/// One throw-away PostgreSQL server for the whole test run, with a migrated template database that every test class copies.
/// Durability is off: tests that kill the server start one of their own.
/// </summary>
internal static class TestPostgres
{
    public const string Administrator = "portal_admin";
    private const string Template = "portal_template";
    private static readonly Lazy<Task<int>> Port = new(StartAsync);
    private static int _databases;

    public static string BinFolder => PostgresBinaries.Find(Path.Combine(AppContext.BaseDirectory, "postgres-npm"));

    public static async Task<ConnectionStrings> CreateDatabaseAsync()
    {
        var port = await Port.Value;
        var name = $"portal_{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(Owner(port, "postgres"));
        await using var create = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE {Template}");
        await create.ExecuteNonQueryAsync();
        return ConnectionStrings.FromOwner(Owner(port, name));
    }

    /// <summary>Initialises a data folder and starts a server on it; the caller stops it.</summary>
    public static async Task<(Process Server, int Port)> StartServerAsync(string folder, params string[] settings)
    {
        var user = !Environment.IsPrivilegedProcess ? null
            : File.ReadAllText("/etc/passwd").Contains("\npostgres:", StringComparison.Ordinal) ? "postgres" : "nobody";
        if (!Directory.Exists(Path.Combine(folder, "base")))
        {
            Directory.CreateDirectory(folder);
            if (user is not null)
            {
                await RunAsync("chown", [user, folder], user: null);
            }

            await RunAsync($"{BinFolder}/initdb",
                ["-D", folder, "-U", Administrator, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], user);
        }

        var port = FreePort();
        var start = new ProcessStartInfo($"{BinFolder}/postgres", ["-D", folder, "-p", $"{port}",
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400",
            "-c", "log_min_messages=fatal", .. settings.SelectMany(setting => new[] { "-c", setting })])
        { WorkingDirectory = "/", RedirectStandardError = true };
        SetUser(start, user);
        var server = Process.Start(start)!;
        server.ErrorDataReceived += (_, _) => { }; // keeps the pipe empty
        server.BeginErrorReadLine();
        await WaitUntilReadyAsync(Owner(port, "postgres"), server);
        return (server, port);
    }

    public static string Owner(int port, string database) =>
        $"Host=127.0.0.1;Port={port};Username={Administrator};Database={database};Include Error Detail=true";

    private static async Task<int> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-tests-{Environment.ProcessId}");
        var (server, port) = await StartServerAsync(folder, "fsync=off", "synchronous_commit=off", "full_page_writes=off");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(server, folder);
        await using (var source = NpgsqlDataSource.Create(Owner(port, "postgres")))
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {Template}");
            await create.ExecuteNonQueryAsync();
        }

        await new Migrator(ConnectionStrings.FromOwner(Owner(port, Template)), NullLogger<Migrator>.Instance).MigrateAsync();
        NpgsqlConnection.ClearAllPools();
        return port;
    }

    private static void Remove(Process server, string folder)
    {
        server.Kill(entireProcessTree: true);
        server.WaitForExit();

        // Hundreds of databases take longer to delete than the test runner waits for a process that is done.
        Process.Start("rm", ["-rf", folder]).Dispose();
    }

    private static async Task WaitUntilReadyAsync(string connectionString, Process server)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 300 && !server.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task RunAsync(string program, string[] arguments, string? user)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true };
        SetUser(start, user);
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static void SetUser(ProcessStartInfo start, string? user)
    {
        if (user is not null)
        {
            start.UserName = user;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
