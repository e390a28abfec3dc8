using System.Reflection;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// The tables of the scheduler (Quartz), in the schema <c>jobs</c>, from the script that comes with its package. Made
/// by the migrator as owner; the operator's role works with them and cannot change them.
/// </summary>
internal static class SchedulerSchema
{
    private const string Script = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";

    public static async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // {0} is the prefix with its schema, {1} the one without: names of indexes carry no schema.
        var script = Read().Replace("{0}", "jobs.qrtz_", StringComparison.Ordinal)
            .Replace("{1}", "qrtz_", StringComparison.Ordinal);
        await using var create = new NpgsqlCommand(script, connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        await using var grant = new NpgsqlCommand(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO portal_ops", connection);
        await grant.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Read()
    {
        using var stream = Assembly.Load("Quartz").GetManifestResourceStream(Script)
            ?? throw new InvalidOperationException($"Quartz comes without {Script}.");
        return new StreamReader(stream).ReadToEnd();
    }
}
