using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>Reads the inbox for people: figures, the list, one event. Changes nothing, and counts no further than it must.</summary>
public sealed class WebhookMonitor(Database database, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>Counts end here: "more than 10,000".</summary>
    public const int CountMax = 10_000;

    // The last thousand that were worked off: enough for a median, however busy the day was.
    private const string Standing =
        """
        WITH waiting AS MATERIALIZED (
          SELECT received_at, last_error FROM webhook_events WHERE state = 'pending' ORDER BY next_attempt_at, id LIMIT $2),
        dead AS MATERIALIZED (
          SELECT received_at FROM webhook_events WHERE state = 'dead' ORDER BY received_at, id LIMIT $2),
        ended AS MATERIALIZED (
          SELECT extract(epoch FROM ended_at - received_at)::float8 AS seconds FROM webhook_events
          WHERE received_at >= $1 AND state IN ('handled', 'ignored', 'kept') ORDER BY received_at DESC LIMIT 1000)
        SELECT (SELECT count(*) FROM waiting), (SELECT count(*) FROM waiting WHERE last_error IS NOT NULL),
               (SELECT min(received_at) FROM waiting), (SELECT count(*) FROM dead), (SELECT min(received_at) FROM dead),
               (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM ended),
               (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) FROM ended)
        """;

    private const string Hours =
        """
        SELECT floor(extract(epoch FROM received_at - $1) / 3600)::int, count(*),
               count(*) FILTER (WHERE state = 'dead' OR attempts > 1 OR (state = 'pending' AND last_error IS NOT NULL))
        FROM webhook_events WHERE received_at >= $1 AND received_at <= $2 GROUP BY 1
        """;

    // From type to type along the index, however many events there are of each.
    private const string Types =
        """
        WITH RECURSIVE known AS (
          (SELECT type FROM webhook_events ORDER BY type LIMIT 1)
          UNION ALL
          SELECT (SELECT type FROM webhook_events WHERE type > known.type ORDER BY type LIMIT 1) FROM known
          WHERE known.type IS NOT NULL)
        SELECT type FROM known WHERE type IS NOT NULL LIMIT 200
        """;

    public async Task<WebhookFigures> FiguresAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var since = now.AddHours(-WebhookFigures.HoursShown);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var hours = new WebhookHour[WebhookFigures.HoursShown];
        await using (var command = unit.Command(Hours, since, now))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                hours[Math.Min(row.GetInt32(0), hours.Length - 1)] += new WebhookHour(row.GetInt64(1), row.GetInt64(2));
            }
        }

        await using var standing = unit.Command(Standing, since, CountMax + 1);
        await using var one = await standing.ExecuteReaderAsync(cancellationToken);
        await one.ReadAsync(cancellationToken);
        return new WebhookFigures(now, hours)
        {
            Waiting = one.GetInt64(0),
            Retrying = one.GetInt64(1),
            OldestWaitingAt = one.IsDBNull(2) ? null : one.GetFieldValue<DateTimeOffset>(2),
            Dead = one.GetInt64(3),
            OldestDeadAt = one.IsDBNull(4) ? null : one.GetFieldValue<DateTimeOffset>(4),
            Median = one.IsDBNull(5) ? null : TimeSpan.FromSeconds(one.GetDouble(5)),
            P95 = one.IsDBNull(6) ? null : TimeSpan.FromSeconds(one.GetDouble(6)),
        };
    }

    public async Task<IReadOnlyList<string>> TypesAsync(CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(Types);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var types = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            types.Add(row.GetString(0));
        }

        return types;
    }

    /// <summary>Newest first.</summary>
    public async Task<WebhookPage> PageAsync(
        WebhookFilter filter, TimeCursor? before = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var events = filter.Apply(unit.Db.Set<WebhookEvent>().AsNoTracking());
        if (before is { At: var at, Id: var id })
        {
            // The first condition is what the index begins at.
            events = events.Where(row => row.ReceivedAt <= at && (row.ReceivedAt < at || row.Id.CompareTo(id) < 0));
        }

        var found = await events.OrderByDescending(row => row.ReceivedAt).ThenByDescending(row => row.Id).Take(PageSize + 1)
            .Select(row => new WebhookRow(
                row.Id, row.Provider, row.EventId, row.Type, row.ObjectId, row.Source, row.ReceivedAt, row.State, row.Attempts,
                row.NextAttemptAt, row.EndedAt, row.LastError))
            .ToListAsync(cancellationToken);
        var rows = found.Take(PageSize).ToList();
        return new WebhookPage(rows, found.Count > PageSize ? new TimeCursor(rows[^1].ReceivedAt, rows[^1].Id) : null);
    }

    public async Task<WebhookEvent?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<WebhookEvent>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>How many dead events the filter finds, up to <see cref="CountMax"/> and one.</summary>
    public async Task<int> CountDeadAsync(WebhookFilter filter, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (filter with { State = EventState.Dead }).Apply(unit.Db.Set<WebhookEvent>()).Take(CountMax + 1)
            .CountAsync(cancellationToken);
    }

    /// <summary>What became of these events so far.</summary>
    public async Task<IReadOnlyDictionary<EventState, int>> StatesAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<WebhookEvent>().Where(row => ids.Contains(row.Id)).GroupBy(row => row.State)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
    }
}
