using System.Diagnostics;
using BillingPortal.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BillingPortal.Processes.Restore;

/// <summary>
/// The worst day, rehearsed: a portal at work, backups taken meanwhile, the database and its disk gone, everything brought back from base
/// backup and archived log; and, beside it, to a moment in time and from a dump.
/// </summary>
public sealed class RestoreDrill(DrillOptions options, Action<string> say)
{
    private const string DatabaseName = "billing";

    /// <exception cref="InvalidOperationException">A step failed, or restored books do not add up.</exception>
    public async Task<DrillReport> RunAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-restore-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            await WalArchive.GiveAsync(folder);
            return await RunAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<DrillReport> RunAsync(string folder)
    {
        var archive = await WalArchive.MakeAsync(folder);
        var log = Path.Combine(folder, "postgres.log");
        await using var primary = await PostgresProcess.StartAsync(
            Path.Combine(folder, "primary"), archive.Settings(options.ArchiveSeconds), outputFile: log);
        var database = primary.Owner(DatabaseName);
        await PrepareAsync(primary, database);
        await using var sandbox = await SandboxProcess.StartAsync(new Dictionary<string, string> { ["Sandbox__PortalUrl"] = "" });
        await using var portal = await PortalProcess.StartAsync(
            database, sandbox.Address, new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Warning" });
        var keys = await DrillBooks.CustomerAsync(database, programs: options.Callers + 1);
        await using var load = new DrillLoad(portal.Address, sandbox.Address, keys);
        var rights = await DrillBooks.RightsAsync(database);

        var backups = new DrillBackups(folder, archive, options, say);
        load.Start();
        await backups.TakeAsync(primary, load, DatabaseName);

        say("The server is killed, and its disk with it");
        var killedAt = TimeProvider.System.GetUtcNow();
        var clock = Stopwatch.StartNew();
        await primary.KillAsync();
        await load.StopAsync();
        Directory.Delete(Path.Combine(folder, "primary"), recursive: true);

        say("Base backup and archived log are brought back on the same address");
        await using var restored = await archive.RestoreAsync(backups.Base, Path.Combine(folder, "restored"), log, port: primary.Port);
        var restoredAfter = clock.Elapsed;
        await portal.WaitUntilReadyAsync();
        var recoveryTime = clock.Elapsed;
        var lastPosting = await DrillBooks.LastPostingAsync(database);
        var survived = await DrillBooks.ReferencesAsync(database);
        say("The operator proves the books and reconciles with Stripe");
        await VerbAsync(database, sandbox, "audit", "--full");
        var purchases = await ReconcileAsync(database, sandbox, load);
        await VerbAsync(database, sandbox, "audit", "--full");

        var others = await backups.RehearseAsync(DatabaseName, log, rights);
        var told = load.Posted.ToList();
        var missing = told.Where(posted => !survived.Contains(posted.Reference)).ToList();
        var orphans = load.Charged.Where(charge => !purchases.ContainsKey(charge.IntentId)).ToList();
        return new DrillReport(
            told.Count, told.Count(posted => posted.At < backups.ArchivedAt), missing.Count(posted => posted.At < backups.ArchivedAt),
            missing.Count(posted => posted.At >= backups.ArchivedAt), killedAt - lastPosting, restoredAfter, recoveryTime,
            told.Count(posted => posted.At < backups.Moment && !others.AtMoment.Contains(posted.Reference)), others.BeyondMoment,
            told.Count(posted => posted.At < backups.DumpedAt && !others.FromDump.Contains(posted.Reference)),
            load.Charged.Count, purchases.Values.Count(isSettled => !isSettled), orphans.Count,
            orphans.Count(charge => charge.RecordedAt < backups.ArchivedAt),
            [.. others.RightsDiffer, .. await DrillBooks.RightsAsync(database) == rights ? Array.Empty<string>() : ["the restored one"]]);
    }

    // No webhook came in all the time: everything that Stripe knows is fetched, and the portal works it off.
    private static async Task<Dictionary<string, bool>> ReconcileAsync(string database, SandboxProcess sandbox, DrillLoad load)
    {
        var charged = load.Charged.Select(charge => charge.IntentId).ToHashSet(StringComparer.Ordinal);
        await VerbAsync(database, sandbox, "job", "reconcile");
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var known = (await DrillBooks.PurchasesAsync(database)).Where(purchase => charged.Contains(purchase.Key))
                .ToDictionary(purchase => purchase.Key, purchase => purchase.Value, StringComparer.Ordinal);
            if (known.Values.All(isSettled => isSettled) || waited.Elapsed > TimeSpan.FromMinutes(2))
            {
                return known;
            }

            await Task.Delay(200);
        }
    }

    private static async Task PrepareAsync(PostgresProcess server, string database)
    {
        await using var source = NpgsqlDataSource.Create(server.Owner());
        await using var create = source.CreateCommand($"CREATE DATABASE {DatabaseName}");
        await create.ExecuteNonQueryAsync();
        await new Migrator(ConnectionStrings.FromOwner(database), NullLogger<Migrator>.Instance).MigrateAsync();
    }

    private static async Task VerbAsync(string database, SandboxProcess sandbox, params string[] verb)
    {
        await using var process = PortalProcess.RunVerb(database, sandbox.Address, settings: null, verb);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', verb)} failed:{Environment.NewLine}{process.Output}");
        }
    }
}
