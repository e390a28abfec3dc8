using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// The repeatable scripts of this build: functions, views, policies and grants in one transaction; the indexes of <c>indexes.sql</c>
/// one by one outside of any, built while everybody writes.
/// </summary>
/// <param name="owner">Gives up waiting for a lock soon.</param>
/// <param name="unhurried">Waits: building an index concurrently waits for older transactions without being in anybody's way.</param>
/// <param name="patience">Tries again when a lock was not had.</param>
internal sealed class MigrationScripts(NpgsqlDataSource owner, NpgsqlDataSource unhurried, LockPatience patience)
{
    private const string IndexFile = "/indexes.sql";

    // Rows of applied_scripts.
    private const int RoomsId = 1;
    private const int SchedulerId = 2;

    /// <returns>How many scripts were applied: none when their text has not changed.</returns>
    /// <param name="force">After a migration every script runs again: a new table gets its policies in the same breath.</param>
    /// <param name="cancellationToken">Ends it between two scripts; the next run begins anew.</param>
    public async Task<int> ApplyAsync(bool force, CancellationToken cancellationToken)
    {
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS applied_scripts (id int PRIMARY KEY, sha256 text NOT NULL)", cancellationToken);
        if (!await IsAppliedAsync(SchedulerId, SchedulerSchema.Text, cancellationToken))
        {
            await patience.RunAsync(
                "The scheduler's schema", () => InOneTransactionAsync([SchedulerSchema.Text], cancellationToken), cancellationToken);
            await RememberAsync(SchedulerId, SchedulerSchema.Text, cancellationToken);
        }

        var scripts = Names().Select(name => (Name: name, Text: Read(name))).ToList();
        var text = string.Join('\n', scripts.Select(script => script.Text));
        if (!force && await IsAppliedAsync(RoomsId, text, cancellationToken))
        {
            return 0;
        }

        var plain = scripts.Where(script => !IsIndexes(script.Name)).Select(script => script.Text).ToList();
        await patience.RunAsync("Functions and policies", () => InOneTransactionAsync(plain, cancellationToken), cancellationToken);
        foreach (var index in scripts.Where(script => IsIndexes(script.Name)).SelectMany(script => Statements(script.Text)))
        {
            await BuildAsync(index, cancellationToken);
        }

        await RememberAsync(RoomsId, text, cancellationToken);
        return scripts.Count;
    }

    /// <summary>
    /// An index whose concurrent building was interrupted stays behind, costs every write and serves no query; IF NOT EXISTS would take
    /// it for the whole one.
    /// </summary>
    public async Task DropBrokenIndexesAsync(CancellationToken cancellationToken)
    {
        const string Broken =
            """
            SELECT coalesce(array_agg(format('%I.%I', n.nspname, c.relname)), '{}') FROM pg_index AS i
            JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname = 'public'
            """;
        foreach (var name in (string[])(await ScalarAsync(Broken, cancellationToken))!)
        {
            await BuildAsync($"DROP INDEX CONCURRENTLY IF EXISTS {name}", cancellationToken);
        }
    }

    /// <summary>Data first (policies and default grants), then the rooms by name, which may take back what Data granted.</summary>
    public static IEnumerable<string> Names() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith("sql/", StringComparison.Ordinal) && !name.StartsWith("sql/Data/Sql/00", StringComparison.Ordinal))
        .OrderBy(name => !name.StartsWith("sql/Data/", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal);

    public static bool IsIndexes(string name) => name.EndsWith(IndexFile, StringComparison.Ordinal);

    /// <summary>The statements of a script of indexes; none of them holds a semicolon or a comment of its own.</summary>
    public static IEnumerable<string> Statements(string script) =>
        string.Join('\n', script.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)))
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not part of this build.");
        return new StreamReader(stream).ReadToEnd();
    }

    private async Task<bool> IsAppliedAsync(int id, string text, CancellationToken cancellationToken) =>
        await ScalarAsync($"SELECT sha256 FROM applied_scripts WHERE id = {id}", cancellationToken) as string == Hash(text);

    private Task RememberAsync(int id, string text, CancellationToken cancellationToken) => ExecuteAsync(
        $"INSERT INTO applied_scripts VALUES ({id}, '{Hash(text)}') ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256",
        cancellationToken);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task InOneTransactionAsync(List<string> scripts, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var script in scripts)
        {
            await using var command = new NpgsqlCommand(script, connection) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task BuildAsync(string statement, CancellationToken cancellationToken)
    {
        await using var command = unhurried.CreateCommand(statement);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
