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

    private const int DeclinesMax = 50;

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

    // One walk for triggers, outcomes and refusals: there are few combinations of them, however many attempts.
    private const string Attempts =
        """
        SELECT trigger, state, decline_code, count(*)::int, sum(price_cents)::bigint,
               sum(CASE WHEN reached_card THEN card_index + 1 ELSE 0 END)::bigint
        FROM recharge_attempts WHERE started_at >= $1 AND started_at < $2 GROUP BY trigger, state, decline_code
        """;

    // The attempt is recorded in the transaction that takes the crossing up, and ends right after its credits are posted.
    private const string Delay =
        """
        SELECT count(*)::int, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)
        FROM (SELECT greatest(extract(epoch FROM ended_at - started_at), 0)::float8 AS seconds FROM recharge_attempts
              WHERE started_at >= $1 AND started_at < $2 AND trigger = 'crossing' AND state = 'succeeded') AS credited
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
        var until = now.AddTicks(1);
        // Side by side: each of the four walks over everything in the period takes its time, and none waits for another.
        var revenue = RowsAsync(Revenue, from, until, row => new RevenueDay(
            row.GetFieldValue<DateOnly>(0), row.GetInt32(1), row.GetInt64(2)), cancellationToken);
        var kinds = RowsAsync(Kinds, from, until, row => new PaymentKindRow(
            row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), row.GetInt64(5)), cancellationToken);
        var attempts = RowsAsync(Attempts, from, until, row => new AttemptGroup(
            row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt32(3), row.GetInt64(4),
            row.GetInt64(5)), cancellationToken);
        var delay = RowsAsync(Delay, from, until, row => new CreditDelay(
            row.GetInt32(0), row.IsDBNull(1) ? null : row.GetDouble(1), row.IsDBNull(2) ? null : row.GetDouble(2)), cancellationToken);
        await Task.WhenAll(revenue, kinds, attempts, delay);
        var groups = await attempts;
        return new PaymentMetrics(
            days, from, now, Filled(await revenue, DateOnly.FromDateTime(from.UtcDateTime), days), await kinds,
            Triggers(groups), Outcomes(groups), Declines(groups), (await delay).Single());
    }

    private static List<TriggerRow> Triggers(List<AttemptGroup> attempts) =>
    [
        .. from one in attempts
           group one by one.Trigger into rows
           orderby rows.Key
           let paid = rows.Where(row => row.IsPaid).ToList()
           select new TriggerRow(
               rows.Key, rows.Sum(row => row.Count), rows.Where(row => row.IsEnded).Sum(row => row.Count),
               paid.Sum(row => row.Count), paid.Sum(row => row.Cents)),
    ];

    private static List<OutcomeRow> Outcomes(List<AttemptGroup> attempts) =>
    [
        .. from one in attempts
           group one by one.State into rows
           let count = rows.Sum(row => row.Count)
           orderby count descending, rows.Key
           select new OutcomeRow(rows.Key, count, Math.Round((decimal)rows.Sum(row => row.Cards) / count, 2)),
    ];

    private static List<DeclineRow> Declines(List<AttemptGroup> attempts) =>
    [
        .. (from one in attempts
            where one.Decline is not null
            group one by one.Decline into rows
            let count = rows.Sum(row => row.Count)
            orderby count descending, rows.Key
            select new DeclineRow(rows.Key, count, rows.Where(row => row.IsPaid).Sum(row => row.Count))).Take(DeclinesMax),
    ];

    // A day without a payment is a day with nothing, not a missing one.
    private static List<RevenueDay> Filled(List<RevenueDay> found, DateOnly first, int days) =>
    [
        .. from offset in Enumerable.Range(0, days)
           let day = first.AddDays(offset)
           select found.Find(row => row.Day == day) ?? new RevenueDay(day, 0, 0),
    ];

    private async Task<List<T>> RowsAsync<T>(
        string sql, DateTimeOffset from, DateTimeOffset to, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = unit.Command(sql, from, to);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    // Attempts that are alike in everything that is counted.
    private sealed record AttemptGroup(string Trigger, string State, string? Decline, int Count, long Cents, long Cards)
    {
        public bool IsPaid => State == "succeeded";

        public bool IsEnded => State is "succeeded" or "declined" or "canceled";
    }
}
