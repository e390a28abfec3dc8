using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Support.Worklist;

/// <summary>Reads what waits for the staff: counted to a bound, the oldest first. Changes nothing.</summary>
public sealed class WorklistReader(Database database, TimeProvider clock)
{
    public const int PageSize = 25;
    public const int ItemsMax = 500;

    /// <param name="only">One kind; null for all.</param>
    /// <param name="most">At most <see cref="ItemsMax"/>.</param>
    public async Task<WorkPage> ReadAsync(WorkKind? only, int most = PageSize, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(most, Math.Clamp(most, 1, ItemsMax));
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var counts = new Dictionary<WorkKind, int>();
        await using (var command = unit.Command(WorklistSql.Counts, now, WorkPage.CountMax + 1))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                counts[TextCodes.Parse<WorkKind>(row.GetString(0))] = row.GetInt32(1);
            }
        }

        // One more than is shown says whether there is more.
        await using var list = unit.Command(WorklistSql.Items(only), now, most + 1);
        var items = await ItemsAsync(list, cancellationToken);
        return new WorkPage(counts, [.. items.Take(most)], items.Count > most, now);
    }

    private static async Task<List<WorkItem>> ItemsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var items = new List<WorkItem>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            items.Add(new WorkItem(
                TextCodes.Parse<WorkKind>(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1),
                row.IsDBNull(2) ? null : row.GetGuid(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4),
                row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6), row.GetInt64(7),
                row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8)));
        }

        return items;
    }
}
