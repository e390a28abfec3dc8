using System.Diagnostics;
using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Processes;

/// <summary>
/// A PostgreSQL server on a data folder of its own, durable unless its settings say otherwise, to be stopped, killed, paused and started
/// again on the same port. It never deletes the folder.
/// </summary>
public sealed class PostgresProcess : IAsyncDisposable
{
    /// <summary>The superuser of the cluster.</summary>
    public const string Administrator = "portal_admin";

    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly IReadOnlyList<string> _settings;
    private readonly string? _outputFile;

    private PostgresProcess(string folder, int port, IReadOnlyList<string> settings, string? outputFile)
    {
        _folder = folder;
        _settings = settings;
        _outputFile = outputFile;
        Port = port;
        Process = Start();
    }

    public static string BinFolder => PostgresBinaries.Find(Path.Combine(AppContext.BaseDirectory, "postgres-npm"));

    public int Port { get; }

    /// <summary>The server of the last start.</summary>
    public RunningProcess Process { get; private set; }

    /// <summary>Initialises the folder unless it holds a cluster, starts a server and waits until it answers.</summary>
    /// <param name="folder">Made when missing; as root it is given to the user postgres.</param>
    /// <param name="settings"><c>name=value</c>; they win over what stands here.</param>
    /// <param name="port">A free one when null.</param>
    /// <param name="outputFile">Takes the server's log.</param>
    public static async Task<PostgresProcess> StartAsync(
        string folder, IReadOnlyList<string>? settings = null, int? port = null, string? outputFile = null)
    {
        if (!Directory.Exists(Path.Combine(folder, "base")))
        {
            await InitialiseAsync(folder);
        }

        var server = new PostgresProcess(folder, port ?? Programs.FreePort(), settings ?? [], outputFile);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the superuser; the database must exist.</summary>
    public string Owner(string database = "postgres") => Owner(Port, database);

    /// <summary>SIGINT: open transactions are rolled back, connections cut, the data written; returns when it is down.</summary>
    public Task StopAsync()
    {
        Process.Signal(Signals.Interrupt);
        return Process.WaitForExitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>SIGKILL to the server and all its backends at once; the next start recovers from the log.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGSTOP to all: connections stay open and nobody answers.</summary>
    public void Pause() => Process.Pause();

    public void Resume() => Process.Resume();

    /// <summary>After a stop or a kill: same folder, same port, same settings; returns when it answers.</summary>
    public async Task StartAgainAsync(TimeSpan? patience = null)
    {
        await Process.DisposeAsync();
        Process = Start();
        await WaitUntilReadyAsync(patience);
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <summary>Runs one of PostgreSQL's programs under the server's user and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it printed.</exception>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(BinFolder, program), arguments) { WorkingDirectory = "/" };
        await RunAsync(start, PostgresCluster.OperatingUser);
    }

    /// <summary>Runs one of the system's programs, <c>cp</c>, under the server's user.</summary>
    internal static Task RunProgramAsync(string program, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" }, PostgresCluster.OperatingUser);

    /// <summary>Runs one of the system's programs, <c>chown</c>, under this process's own user.</summary>
    internal static Task RunAsRootAsync(string program, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" }, user: null);

    internal static string Owner(int port, string database) =>
        $"Host=127.0.0.1;Port={port};Username={Administrator};Database={database};Include Error Detail=true";

    private static async Task InitialiseAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        if (PostgresCluster.OperatingUser is { } user)
        {
            await RunAsync(new ProcessStartInfo("chown", [user, folder]), user: null);
        }

        await RunAsync("initdb", "-D", folder, "-U", Administrator, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
    }

    private RunningProcess Start()
    {
        string[] settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=400",
            "log_min_messages=fatal", .. _settings];
        var start = new ProcessStartInfo($"{BinFolder}/postgres",
            ["-D", _folder, "-p", $"{Port}", .. settings.SelectMany(setting => new[] { "-c", setting })])
        { WorkingDirectory = "/" };
        SetUser(start, PostgresCluster.OperatingUser);
        return RunningProcess.Start(start, _outputFile);
    }

    private async Task WaitUntilReadyAsync(TimeSpan? patience = null)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await using var connection = new NpgsqlConnection(Owner() + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException exception)
            {
                if (Process.HasExited || waited.Elapsed > (patience ?? ReadyPatience))
                {
                    throw new InvalidOperationException(
                        $"PostgreSQL did not start:{Environment.NewLine}{Process.Output}", exception);
                }
            }
        }
    }

    private static async Task RunAsync(ProcessStartInfo start, string? user)
    {
        SetUser(start, user);
        await using var process = RunningProcess.Start(start);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} failed:{Environment.NewLine}{process.Output}");
        }
    }

    private static void SetUser(ProcessStartInfo start, string? user)
    {
        if (user is not null)
        {
            start.UserName = user;
        }
    }
}
