using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Support.Metrics;

/// <summary>
/// Adds payments and recharges up for the staff. Each statement reads one index over the period alone (Sql/support.sql); the
/// period is bounded. Changes nothing.
/// </summary>
public sealed class MetricsReader(Database database, TimeProvider clock)
{
    /// <summary>What may be asked for (product owner).</summary>
    public static readonly IReadOnlyList<int> Periods = [7, 30, 90];

    private const string Revenue =
        """
        SELECT (settled_at AT TIME ZONE 'UTC')::date, count(*)::int, sum(price_cents)::bigint
        FROM purchases WHERE settled_at >= $1 AND settled_at < $2 GROUP BY 1 ORDER BY 1
        """;

    private const string Kinds =
        """
        SELECT kind, count(*)::int, count(*) FILTER (WHERE state = 'settled')::int,
               count(*) FILTER (WHERE state IN ('failed', 'canceled'))::int,
               coalesce(sum(price_cents) FILTER (WHERE state = 'settled'), 0)::bigint, coalesce(sum(refunded_cents), 0)::bigint
        FROM purchases WHERE created_at >= $1 AND created_at < $2 GROUP BY kind ORDER BY kind
        """;

    private const string Triggers =
        """
        SELECT trigger, count(*)::int, count(*) FILTER (WHERE state IN ('succeeded', 'declined', 'canceled'))::int,
               count(*) FILTER (WHERE state = 'succeeded')::int,
               coalesce(sum(price_cents) FILTER (WHERE state = 'succeeded'), 0)::bigint
        FROM recharge_attempts WHERE started_at >= $1 AND started_at < $2 GROUP BY trigger ORDER BY trigger
        """;

    private const string Outcomes =
        """
        SELECT state, count(*)::int, round(avg(CASE WHEN reached_card THEN card_index + 1 ELSE 0 END), 2)
        FROM recharge_attempts WHERE started_at >= $1 AND started_at < $2 GROUP BY state ORDER BY count(*) DESC, state
        """;

    private const string Declines =
        """
        SELECT decline_code, count(*)::int, count(*) FILTER (WHERE state = 'succeeded')::int
        FROM recharge_attempts WHERE started_at >= $1 AND started_at < $2 AND decline_code IS NOT NULL
        GROUP BY decline_code ORDER BY count(*) DESC, decline_code LIMIT 50
        """;

    // The attempt is recorded in the transaction that takes the crossing up; its purchase has the same id.
    private const string Delay =
        """
        SELECT count(*)::int, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)
        FROM (SELECT greatest(extract(epoch FROM p.settled_at - a.started_at), 0)::float8 AS seconds
              FROM recharge_attempts a JOIN purchases p ON p.id = a.id
              WHERE a.started_at >= $1 AND a.started_at < $2 AND a.trigger = 'crossing' AND a.state = 'succeeded'
                AND p.settled_at IS NOT NULL) AS credited
        """;

    /// <param name="days">One of <see cref="Periods"/>: whole days (UTC), today included.</param>
    public async Task<PaymentMetrics> ReadAsync(int days, CancellationToken cancellationToken = default)
    {
        if (!Periods.Contains(days))
        {
            throw new ArgumentOutOfRangeException(nameof(days));
        }

        var now = clock.GetUtcNow();
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - days);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        Task<List<T>> Of<T>(string sql, Func<NpgsqlDataReader, T> row) =>
            RowsAsync(unit, sql, from, now.AddTicks(1), row, cancellationToken);
        var revenue = await Of(Revenue, row => new RevenueDay(row.GetFieldValue<DateOnly>(0), row.GetInt32(1), row.GetInt64(2)));
        return new PaymentMetrics(
            days, from, now, Filled(revenue, DateOnly.FromDateTime(from.UtcDateTime), days),
            await Of(Kinds, row => new PaymentKindRow(
                row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), row.GetInt64(5))),
            await Of(Triggers, row => new TriggerRow(
                row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4))),
            await Of(Outcomes, row => new OutcomeRow(row.GetString(0), row.GetInt32(1), row.GetDecimal(2))),
            await Of(Declines, row => new DeclineRow(row.GetString(0), row.GetInt32(1), row.GetInt32(2))),
            (await Of(Delay, row => new CreditDelay(
                row.GetInt32(0), row.IsDBNull(1) ? null : row.GetDouble(1), row.IsDBNull(2) ? null : row.GetDouble(2)))).Single());
    }

    // A day without a payment is a day with nothing, not a missing one.
    private static List<RevenueDay> Filled(List<RevenueDay> found, DateOnly first, int days) =>
    [
        .. from offset in Enumerable.Range(0, days)
           let day = first.AddDays(offset)
           select found.Find(row => row.Day == day) ?? new RevenueDay(day, 0, 0),
    ];

    private static async Task<List<T>> RowsAsync<T>(
        UnitOfWork unit, string sql, DateTimeOffset from, DateTimeOffset to, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var command = unit.Command(sql, from, to);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }
}
