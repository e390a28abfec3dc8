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

    private static void Add<T>(
        NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<RatedUsage> usages, Func<RatedUsage, T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]>
        {
            TypedValue = [.. usages.Select(value)],
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
}
