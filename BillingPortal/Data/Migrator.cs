using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// Brings a database to this version beside running portals of the one before: roles, EF Core migrations, then the repeatable scripts
/// (functions, views, policies, grants, indexes) whose text has changed. Forward only, safe to repeat, one at a time per database.
/// </summary>
public sealed partial class Migrator(ConnectionStrings connections, ILogger<Migrator> logger)
{
    private const string OwnerRole = "portal_owner";

    private readonly LockPatience _patience = new(logger);

    public async Task MigrateAsync(CancellationToken cancellationToken = default)
    {
        await using var administrator = ConnectionStrings.Source(connections.Owner, "administrator");
        await using var guard = await administrator.OpenConnectionAsync(cancellationToken);
        await WaitForTurnAsync(guard, cancellationToken);
        await BootstrapAsync(guard, cancellationToken);

        await using var owner = ConnectionStrings.Source(AsOwner(LockPatience.Options), OwnerRole);
        await using var unhurried = ConnectionStrings.Source(AsOwner(""), OwnerRole);
        var scripts = new MigrationScripts(owner, unhurried, _patience);
        await scripts.DropBrokenIndexesAsync(cancellationToken);
        var options = new DbContextOptionsBuilder<BillingDb>().UseNpgsql(owner).Options;
        var applied = await ApplyMigrationsAsync(options, cancellationToken);
        var changed = await scripts.ApplyAsync(force: applied > 0, cancellationToken);
        LogMigrated(logger, applied, changed);
    }

    /// <summary>One migration is one transaction with a patience of its own; it keeps no lock while the next one waits.</summary>
    internal async Task<int> ApplyMigrationsAsync(DbContextOptions<BillingDb> options, CancellationToken cancellationToken)
    {
        await using var reader = new BillingDb(options);
        var pending = (await reader.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        var latest = (await reader.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault();
        // To name one that is older than what is applied already would take the newer ones back: then all at once, by no name.
        var isInOrder = pending.Count == 0 || string.CompareOrdinal(pending[0], latest) > 0;
        foreach (var target in isInOrder ? pending.Cast<string?>() : [null])
        {
            await _patience.RunAsync($"Migration {target ?? pending[0]}", () => ApplyAsync(target), cancellationToken);
        }

        return pending.Count;

        async Task ApplyAsync(string? target)
        {
            await using var db = new BillingDb(options);
            db.Database.SetCommandTimeout(0); // proving a constraint or building an index takes as long as it takes
            await db.GetService<IMigrator>().MigrateAsync(target, cancellationToken);
        }
    }

    private string AsOwner(string options) => new NpgsqlConnectionStringBuilder(connections.Owner)
    {
        Options = $"-c role={OwnerRole} {options}".TrimEnd(),
        Pooling = false,
    }.ConnectionString;

    // Asked again and again, not waited for: a waiting statement keeps a snapshot, and an index built concurrently by the one whose
    // turn it is would wait for that snapshot for ever.
    private static async Task WaitForTurnAsync(NpgsqlConnection guard, CancellationToken cancellationToken)
    {
        await using var turn = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('billing-portal-migrate'))", guard);
        while (!(bool)(await turn.ExecuteScalarAsync(cancellationToken))!)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    // Roles need an administrator once; afterwards an ordinary owner that is a member of portal_owner is enough.
    private async Task BootstrapAsync(NpgsqlConnection administrator, CancellationToken cancellationToken)
    {
        string Password(string role) => ConnectionStrings.PasswordOf(connections.Owner, role);
        var roles = MigrationScripts.Read("sql/Data/Sql/000_roles.sql")
            .Replace("{app_password}", Password(ConnectionStrings.AppRole), StringComparison.Ordinal)
            .Replace("{ops_password}", Password(ConnectionStrings.OpsRole), StringComparison.Ordinal);
        await using var make = new NpgsqlCommand(roles, administrator);
        await make.ExecuteNonQueryAsync(cancellationToken);
        await using var open = new NpgsqlCommand(MigrationScripts.Read("sql/Data/Sql/001_database.sql"), administrator);
        await open.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Database is up to date: {Migrations} migrations and {Scripts} scripts applied")]
    private static partial void LogMigrated(ILogger logger, int migrations, int scripts);
}
