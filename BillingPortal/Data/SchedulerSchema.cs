using System.Reflection;

namespace BillingPortal.Data;

/// <summary>
/// The tables of the scheduler (Quartz), in the schema <c>jobs</c>, from the script that comes with its package. Made
/// by the migrator as owner; the operator's role works with them and cannot change them.
/// </summary>
internal static class SchedulerSchema
{
    private const string Script = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";

    /// <summary>Safe to repeat. {0} is the prefix with its schema, {1} the one without: names of indexes carry no schema.</summary>
    public static string Text { get; } = Read().Replace("{0}", "jobs.qrtz_", StringComparison.Ordinal)
        .Replace("{1}", "qrtz_", StringComparison.Ordinal)
        + "\n;GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO portal_ops;";

    private static string Read()
    {
        using var stream = Assembly.Load("Quartz").GetManifestResourceStream(Script)
            ?? throw new InvalidOperationException($"Quartz comes without {Script}.");
        return new StreamReader(stream).ReadToEnd();
    }
}
