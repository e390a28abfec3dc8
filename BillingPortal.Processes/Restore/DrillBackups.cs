using Npgsql;

namespace BillingPortal.Processes.Restore;

/// <summary>The backups that a drill takes while customers work, and what it finds when it opens the ones beside the main one.</summary>
internal sealed class DrillBackups(string folder, WalArchive archive, DrillOptions options, Action<string> say)
{
    private readonly string _dump = Path.Combine(folder, "dump");
    private readonly string _roles = Path.Combine(folder, "roles.sql");

    public string Base { get; } = Path.Combine(folder, "base");

    /// <summary>What was acknowledged before is in the dump.</summary>
    public DateTimeOffset DumpedAt { get; private set; }

    /// <summary>The moment that is restored to.</summary>
    public DateTimeOffset Moment { get; private set; }

    /// <summary>What was acknowledged before is in the archive.</summary>
    public DateTimeOffset ArchivedAt { get; private set; }

    public async Task TakeAsync(PostgresProcess server, DrillLoad load, string database)
    {
        await WorkAsync(load, "before the backup");
        say("Base backup, while they work");
        await WalArchive.BaseBackupAsync(server, Base);
        DumpedAt = TimeProvider.System.GetUtcNow();
        say("Dump of database and roles, while they work");
        string[] to = ["-h", "127.0.0.1", "-p", $"{server.Port}", "-U", PostgresProcess.Administrator];
        await PostgresProcess.RunAsync("pg_dump", [.. to, "-Fc", "-f", _dump, database]);
        await PostgresProcess.RunAsync("pg_dumpall", [.. to, "--roles-only", "-f", _roles]);
        await WorkAsync(load, "after the backups");
        Moment = TimeProvider.System.GetUtcNow();
        await WorkAsync(load, "after the moment");
        ArchivedAt = TimeProvider.System.GetUtcNow();
        await WalArchive.SealAsync(server);
        say("The log is archived up to here");
        await WorkAsync(load, "on the way to the disaster");
    }

    /// <summary>The base backup to a moment, and the dump into a new server: what is in them, and are their books clean.</summary>
    public async Task<Findings> RehearseAsync(string database, string log, string rights)
    {
        List<string> differ = [];
        say($"Restored to {Moment:HH:mm:ss} UTC, beside");
        await using var moment = await archive.RestoreAsync(Base, Path.Combine(folder, "moment"), log, Moment);
        var atMoment = await DrillBooks.ReferencesAsync(moment.Owner(database));
        await DrillBooks.ProveAsync(moment.Owner(database));
        var beyond = await DrillBooks.ScalarAsync<long>(
            moment.Owner(database), $"SELECT count(*) FROM entries WHERE posted_at > '{Moment:yyyy-MM-dd HH:mm:ss.ffffff}+00'");
        if (await DrillBooks.RightsAsync(moment.Owner(database)) != rights)
        {
            differ.Add("the one at the moment");
        }

        say("Restored from the dump, beside");
        await using var fresh = await PostgresProcess.StartAsync(Path.Combine(folder, "fresh"), outputFile: log);
        string[] to = ["-h", "127.0.0.1", "-p", $"{fresh.Port}", "-U", PostgresProcess.Administrator];
        // That the administrator exists is said, and harmless.
        await PostgresProcess.RunAsync("psql", [.. to, "-q", "-d", "postgres", "-f", _roles]);
        await using (var source = NpgsqlDataSource.Create(fresh.Owner()))
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {database}");
            await create.ExecuteNonQueryAsync();
        }

        await PostgresProcess.RunAsync("pg_restore", [.. to, "-d", database, "--exit-on-error", _dump]);
        var fromDump = await DrillBooks.ReferencesAsync(fresh.Owner(database));
        await DrillBooks.ProveAsync(fresh.Owner(database));
        if (await DrillBooks.RightsAsync(fresh.Owner(database)) != rights)
        {
            differ.Add("the one from the dump");
        }

        return new Findings(atMoment, beyond, fromDump, differ);
    }

    private async Task WorkAsync(DrillLoad load, string when)
    {
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        say($"{load.Posted.Count:N0} postings and {load.Charged.Count} payments {when}");
    }

    /// <param name="AtMoment">References in the one restored to the moment.</param>
    /// <param name="BeyondMoment">Its postings from after the moment.</param>
    /// <param name="FromDump">References in the one from the dump.</param>
    /// <param name="RightsDiffer">Which have other rights than the original.</param>
    internal sealed record Findings(
        HashSet<string> AtMoment, long BeyondMoment, HashSet<string> FromDump, IReadOnlyList<string> RightsDiffer);
}
