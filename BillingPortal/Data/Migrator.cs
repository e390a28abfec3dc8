using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// Brings a database to this version: roles, EF Core migrations, then the repeatable scripts (functions, views, policies, grants)
/// whose text has changed. Forward only, safe to repeat, one at a time per database.
/// </summary>
public sealed partial class Migrator(ConnectionStrings connections, ILogger<Migrator> logger)
{
    private const string OwnerRole = "portal_owner";

    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        await using var administrator = ConnectionStrings.Source(connections.Owner, "administrator");
        await using var guard = await administrator.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(guard, "SELECT pg_advisory_lock(hashtext('billing-portal-migrate'))", cancellationToken);
        await BootstrapAsync(guard, cancellationToken);

        var asOwner = new NpgsqlConnectionStringBuilder(connections.Owner) { Options = $"-c role={OwnerRole}", Pooling = false };
        await using var owner = ConnectionStrings.Source(asOwner.ConnectionString, OwnerRole);
        await using var db = new BillingDb(new DbContextOptionsBuilder<BillingDb>().UseNpgsql(owner).Options);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        db.Database.SetCommandTimeout(600); // an index over a large table takes longer than the usual half minute
        await db.Database.MigrateAsync(cancellationToken);
        await ApplySchedulerAsync(owner, cancellationToken);
        var scripts = await ApplyScriptsAsync(owner, force: pending.Count > 0, cancellationToken);
        LogMigrated(logger, pending.Count, scripts);
    }

    // Roles need an administrator once; afterwards an ordinary owner that is a member of portal_owner is enough.
    private async Task BootstrapAsync(NpgsqlConnection administrator, CancellationToken cancellationToken)
    {
        string Password(string role) => ConnectionStrings.PasswordOf(connections.Owner, role);
        var roles = Read("sql/Data/Sql/000_roles.sql")
            .Replace("{app_password}", Password(ConnectionStrings.AppRole), StringComparison.Ordinal)
            .Replace("{ops_password}", Password(ConnectionStrings.OpsRole), StringComparison.Ordinal);
        await ExecuteAsync(administrator, roles, cancellationToken);
        await ExecuteAsync(administrator, Read("sql/Data/Sql/001_database.sql"), cancellationToken);
    }

    // After a migration every script runs again: a new table must get its policies and grants in the same breath.
    private static async Task<int> ApplyScriptsAsync(NpgsqlDataSource owner, bool force, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS applied_scripts (id int PRIMARY KEY, sha256 text NOT NULL)",
            cancellationToken);
        var scripts = ScriptNames().Select(Read).ToList();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', scripts))));
        await using var known = new NpgsqlCommand("SELECT sha256 FROM applied_scripts WHERE id = 1", connection);
        if (!force && await known.ExecuteScalarAsync(cancellationToken) as string == hash)
        {
            return 0;
        }

        foreach (var script in scripts)
        {
            await ExecuteAsync(connection, script, cancellationToken);
        }

        await using var remember = new NpgsqlCommand(
            "INSERT INTO applied_scripts VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256", connection)
        {
            Parameters = { new() { Value = hash } },
        };
        await remember.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return scripts.Count;
    }

    private static async Task ApplySchedulerAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await SchedulerSchema.ApplyAsync(connection, cancellationToken);
    }

    // Data first (policies and default grants), then the rooms by name, which may take back what Data granted.
    private static IEnumerable<string> ScriptNames() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith("sql/", StringComparison.Ordinal) && !name.StartsWith("sql/Data/Sql/00", StringComparison.Ordinal))
        .OrderBy(name => !name.StartsWith("sql/Data/", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not part of this build.");
        return new StreamReader(stream).ReadToEnd();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Database is up to date: {Migrations} migrations and {Scripts} scripts applied")]
    private static partial void LogMigrated(ILogger logger, int migrations, int scripts);
}
