using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Tests.Support;

/// <summary>
/// One throw-away PostgreSQL server for the whole test run, with a migrated template database that every test class copies.
/// Durability is off: tests that kill the server start a <see cref="PostgresProcess"/> of their own.
/// </summary>
internal static class TestPostgres
{
    private const string Template = "portal_template";
    private static readonly Lazy<Task<PostgresProcess>> Server = new(StartAsync);
    private static int _databases;

    public static async Task<ConnectionStrings> CreateDatabaseAsync()
    {
        var server = await Server.Value;
        var name = $"portal_{Interlocked.Increment(ref _databases)}";
        await using var source = NpgsqlDataSource.Create(server.Owner());
        await using var create = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE {Template}");
        await create.ExecuteNonQueryAsync();
        return ConnectionStrings.FromOwner(server.Owner(name));
    }

    private static async Task<PostgresProcess> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-tests-{Environment.ProcessId}");
        var server = await PostgresProcess.StartAsync(folder, ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(server, folder);
        await using (var source = NpgsqlDataSource.Create(server.Owner()))
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {Template}");
            await create.ExecuteNonQueryAsync();
        }

        await new Migrator(ConnectionStrings.FromOwner(server.Owner(Template)), NullLogger<Migrator>.Instance).MigrateAsync();
        await PlantAsync(server.Owner(Template));
        NpgsqlConnection.ClearAllPools();
        return server;
    }

    // A bug that build/planted-bugs.sh plants in the schema, so that nothing has to be built anew.
    private static async Task PlantAsync(string owner)
    {
        if (Environment.GetEnvironmentVariable("PLANTED_SQL") is { Length: > 0 } file)
        {
            await using var source = NpgsqlDataSource.Create(owner);
            await using var plant = source.CreateCommand(await File.ReadAllTextAsync(file));
            await plant.ExecuteNonQueryAsync();
        }
    }

    private static void Remove(PostgresProcess server, string folder)
    {
        server.KillAsync().GetAwaiter().GetResult();

        // Hundreds of databases take longer to delete than the test runner waits for a process that is done.
        Process.Start("rm", ["-rf", folder]).Dispose();
    }
}
