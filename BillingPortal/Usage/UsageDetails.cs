using BillingPortal.Data;
using Npgsql;
using NpgsqlTypes;

namespace BillingPortal.Usage;

/// <summary>What became of the details of one event.</summary>
internal enum DetailOutcome
{
    Added = 1,

    /// <summary>They were there, and the same.</summary>
    Same,

    /// <summary>They were there, and are other ones; the first stay.</summary>
    Differs,
}

/// <summary>Keeps the details of posted events: any number in one round trip, never before the books have them.</summary>
public sealed class UsageDetails(Database database)
{
    private const string Sql = "SELECT usage_record($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// <summary>One outcome per event, in their order. Commits.</summary>
    internal async Task<IReadOnlyList<DetailOutcome>> RecordAsync(
        IReadOnlyList<RatedUsage> usages, CancellationToken cancellationToken)
    {
        if (usages.Count == 0)
        {
            return [];
        }

        await using var command = database.Ops.CreateCommand(Sql);
        Add(command, NpgsqlDbType.Uuid, usages, usage => usage.TenantId);
        Add(command, NpgsqlDbType.Uuid, usages, usage => usage.Key);
        Add(command, NpgsqlDbType.Text, usages, usage => usage.Event.Service);
        Add(command, NpgsqlDbType.Numeric, usages, usage => usage.Event.Quantity);
        Add(command, NpgsqlDbType.Text, usages, usage => usage.Event.ReferenceId);
        Add(command, NpgsqlDbType.TimestampTz, usages, usage => usage.OccurredAt);
        Add(command, NpgsqlDbType.Boolean, usages, usage => usage.Event.OccurredAt is not null);
        Add(command, NpgsqlDbType.Text, usages, usage => usage.Rate);
        Add(command, NpgsqlDbType.Text, usages, usage => usage.Event.Metadata);
        var outcomes = (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
        return Array.ConvertAll(outcomes, TextCodes.Parse<DetailOutcome>);
    }

    /// <summary>Which of the keys stand already.</summary>
    internal async Task<HashSet<Guid>> KnownAsync(Guid[] tenantIds, Guid[] keys, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            "SELECT e.idempotency_key FROM unnest($1, $2) AS u (tenant_id, key) "
            + "JOIN usage_events e ON e.idempotency_key = u.key AND e.tenant_id = u.tenant_id");
        command.Parameters.Add(new() { Value = tenantIds });
        command.Parameters.Add(new() { Value = keys });
        var known = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(reader.GetGuid(0));
        }

        return known;
    }

    private static void Add<T>(
        NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<RatedUsage> usages, Func<RatedUsage, T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]>
        {
            TypedValue = [.. usages.Select(value)],
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
}
