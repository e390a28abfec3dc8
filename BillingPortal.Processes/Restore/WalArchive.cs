using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Processes.Restore;

/// <summary>
/// Base backups and the log archived beside them, made and brought back with PostgreSQL's own programs: the same commands as in
/// docs/operations/backup.md.
/// </summary>
internal sealed class WalArchive
{
    private readonly string _folder;
    private readonly string _script;

    private WalArchive(string folder, string script) => (_folder, _script) = (folder, script);

    /// <summary>How a server archives: every segment when it is full, at the latest after some seconds.</summary>
    /// <param name="timeoutSeconds">What a disaster may cost when the disk of the server is lost with it.</param>
    public string[] Settings(int timeoutSeconds) =>
    [
        "wal_level=replica", "archive_mode=on", $"archive_timeout={timeoutSeconds}", "hot_standby=off",
        $"archive_command={_script} %p %f {_folder}",
    ];

    public static async Task<WalArchive> MakeAsync(string root)
    {
        var (folder, script) = (Path.Combine(root, "wal-archive"), Path.Combine(root, "archive-wal.sh"));
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(Programs.Root, "ops", "archive-wal.sh"), script); // where the server's user can read it
        await GiveAsync(folder);
        await GiveAsync(script);
        return new WalArchive(folder, script);
    }

    /// <summary>A copy of the running server, while it works.</summary>
    public static Task BaseBackupAsync(PostgresProcess server, string to) => PostgresProcess.RunAsync(
        "pg_basebackup", "-h", "127.0.0.1", "-p", $"{server.Port}", "-U", PostgresProcess.Administrator, "-D", to,
        "--wal-method=stream", "--checkpoint=fast");

    /// <summary>A server on a copy of the base backup that has replayed the archive: to its end, or to a moment.</summary>
    public async Task<PostgresProcess> RestoreAsync(
        string backup, string to, string outputFile, DateTimeOffset? until = null, int? port = null)
    {
        await PostgresProcess.RunProgramAsync("cp", "-a", backup, to);
        await PostgresProcess.RunProgramAsync("touch", Path.Combine(to, "recovery.signal"));
        List<string> settings = [.. Settings(60), $"restore_command=cp {_folder}/%f %p", "log_min_messages=log"];
        if (until is { } moment)
        {
            settings.AddRange([$"recovery_target_time={moment:yyyy-MM-dd HH:mm:ss.ffffff}+00", "recovery_target_action=promote"]);
            settings.Add("archive_mode=off"); // a copy to look at must not write into the archive
        }

        // hot_standby is off: it answers when it has replayed all there is and takes writes again.
        return await PostgresProcess.StartAsync(to, settings, port, outputFile);
    }

    /// <summary>Everything acknowledged before this call is in the archive when it returns.</summary>
    public static async Task SealAsync(PostgresProcess server)
    {
        await using var source = NpgsqlDataSource.Create(server.Owner());
        await using var close = source.CreateCommand("SELECT pg_walfile_name(pg_switch_wal())");
        var segment = (string)(await close.ExecuteScalarAsync())!;
        await using var last = source.CreateCommand("SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver");
        while (string.CompareOrdinal((string)(await last.ExecuteScalarAsync())!, segment) < 0)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>To the user whom the server runs as.</summary>
    public static Task GiveAsync(string path) => PostgresCluster.OperatingUser is { } user
        ? PostgresProcess.RunAsRootAsync("chown", "-R", user, path) : Task.CompletedTask;
}
