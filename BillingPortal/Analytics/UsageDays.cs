using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Analytics;

/// <summary>
/// Folds the books of an account into <see cref="UsageDay"/>s, in steps that are committed one by one; safe to repeat and to race.
/// What is not folded yet is added up by whoever reads, so that figures are exact without it, and fast with it.
/// </summary>
public sealed class UsageDays(Database database, TimeProvider clock)
{
    /// <summary>So many lines are read as they are; more are folded first.</summary>
    public int TailMax { get; init; } = 2_000;

    /// <summary>A key with more values on one day is an id and no tag.</summary>
    public const int ValuesPerDayMax = 500;

    /// <summary>So many keys of a tenant are kept.</summary>
    public const int TagsMax = 30;

    private const int FirstStep = 20_000;
    private const int Step = 200_000;
    private const int StepsMax = 50;

    // What an event came with is written a moment after its entry.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private const string Insert =
        $"""
        , known AS (
          SELECT tag, is_kept FROM usage_tags WHERE tenant_id = $1
        ), parts AS (
          SELECT day, kind, service, '{UsageLines.All}' AS dimension, '' AS value, out_e4, in_e4, quantity FROM lines
          UNION ALL
          SELECT day, kind, service, '{UsageLines.Number}', number, out_e4, in_e4, quantity FROM lines WHERE number IS NOT NULL
          UNION ALL
          SELECT l.day, l.kind, l.service, '{UsageLines.TagPrefix}' || t.tag, t.value, l.out_e4, l.in_e4, l.quantity
          FROM lines AS l CROSS JOIN LATERAL ({UsageLines.TagsOfLine}) AS t
          WHERE l.metadata IS NOT NULL AND CASE WHEN (SELECT count(*) FROM known) < $5
            THEN t.tag NOT IN (SELECT tag FROM known WHERE NOT is_kept)
            ELSE t.tag IN (SELECT tag FROM known WHERE is_kept) END
        ), added AS (
          INSERT INTO usage_days AS d (tenant_id, unit, dimension, day, value, service, kind, out_e4, in_e4, quantity, uses)
          SELECT $1, $2, dimension, day, value, service, kind, sum(out_e4), sum(in_e4), sum(quantity),
                 count(*) FILTER (WHERE out_e4 > 0)
          FROM parts GROUP BY dimension, day, value, service, kind
          ON CONFLICT (tenant_id, unit, dimension, day, value, service, kind) DO UPDATE
          SET out_e4 = d.out_e4 + excluded.out_e4, in_e4 = d.in_e4 + excluded.in_e4,
              quantity = d.quantity + excluded.quantity, uses = d.uses + excluded.uses
          RETURNING dimension, day
        )
        SELECT dimension, array_agg(DISTINCT day), 0::bigint FROM added
        WHERE dimension LIKE '{UsageLines.TagPrefix}%' GROUP BY dimension
        UNION ALL SELECT '', NULL, sum(out_e4)::bigint FROM lines
        """;

    /// <summary>
    /// Folds the accounts that have gathered much and that nobody has looked at; how many that were. So the first look is fast,
    /// also that of somebody who may only look.
    /// </summary>
    public async Task<int> SweepAsync(int most, CancellationToken cancellationToken = default)
    {
        var due = new List<(Guid TenantId, Unit Unit)>();
        await using (var work = await database.BeginOpsAsync(cancellationToken))
        {
            await using var find = work.Command(
                """
                SELECT a.tenant_id, a.unit FROM accounts a LEFT JOIN usage_day_marks m USING (tenant_id, unit)
                WHERE a.last_seq - coalesce(m.through_seq, 0) > $1 ORDER BY a.tenant_id, a.unit LIMIT $2
                """, (long)FirstStep, most);
            await using var row = await find.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                due.Add((row.GetGuid(0), Units.Parse(row.GetString(1))!.Value));
            }
        }

        foreach (var (tenantId, unit) in due)
        {
            await FoldAsync(tenantId, unit, cancellationToken);
        }

        return due.Count;
    }

    /// <summary>Folds what has come since the last time, if it is much.</summary>
    public async Task FoldAsync(Guid tenantId, Unit unit, CancellationToken cancellationToken = default)
    {
        while (await FoldEntriesAsync(tenantId, unit, cancellationToken))
        {
        }

        // Bounded: books that do not add up are the audit's to tell, not this one's to wait for.
        for (var step = 0; step < StepsMax && unit is Unit.Usd; step++)
        {
            if (!await FoldReservationsAsync(tenantId, unit, cancellationToken))
            {
                break;
            }
        }
    }

    // True when there may be more to fold.
    private async Task<bool> FoldEntriesAsync(Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        await using (var tail = work.Command(
            """
            SELECT a.last_seq - coalesce(m.through_seq, 0) FROM accounts a
            LEFT JOIN usage_day_marks m ON m.tenant_id = a.tenant_id AND m.unit = a.unit
            WHERE a.tenant_id = $1 AND a.unit = $2
            """, tenantId, unit.ToCode()))
        {
            if (await tail.ExecuteScalarAsync(cancellationToken) is not long waiting || waiting <= TailMax
                || work.IsReadOnly)
            {
                return false;
            }
        }

        var through = await LockAsync(work, tenantId, unit, cancellationToken);
        var step = through == 0 ? FirstStep : Step;
        await using var last = work.Command(
            """
            SELECT max(seq) FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq > $3 AND seq <= $3 + $4 AND posted_at < $5
            """, tenantId, unit.ToCode(), through, (long)step, clock.GetUtcNow() - Rest);
        if (await last.ExecuteScalarAsync(cancellationToken) is not long upTo)
        {
            return false;
        }

        var lines = UsageLines.WithNumbers(UsageLines.OfEntries("e.seq > $3 AND e.seq <= $4"));
        await using (var fold = work.Command(
            $"WITH lines AS MATERIALIZED ({lines}) {Insert}", tenantId, unit.ToCode(), through, upTo, (long)TagsMax))
        {
            await NoteTagsAsync(work, tenantId, fold, cancellationToken);
        }

        await using var mark = work.Command(
            "UPDATE usage_day_marks SET through_seq = $3 WHERE tenant_id = $1 AND unit = $2", tenantId, unit.ToCode(), upTo);
        await mark.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        return upTo == through + step;
    }

    private async Task<bool> FoldReservationsAsync(Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        if (work.IsReadOnly)
        {
            return false; // who only looks leaves it to the next who may write
        }

        // Asked before the lock, so that a reading with nothing to fold writes nothing; and again under it.
        if (await FindReservationAsync(work, tenantId, unit, cancellationToken) is null)
        {
            return false;
        }

        await LockAsync(work, tenantId, unit, cancellationToken);
        if (await FindReservationAsync(work, tenantId, unit, cancellationToken) is not { } due)
        {
            return false;
        }

        if (!due.AddsUp)
        {
            await ForgetReservationsAsync(work, tenantId, cancellationToken);
            await work.CommitAsync(cancellationToken);
            return true;
        }

        await using var last = work.Command(
            """
            SELECT max(posted_at) FROM (
              SELECT posted_at FROM hold_extensions
              WHERE tenant_id = $1 AND hold_id = $2 AND posted_at > $3 AND posted_at < $4 ORDER BY posted_at LIMIT $5) AS step
            """, tenantId, due.HoldId, due.ThroughAt, clock.GetUtcNow() - Rest, Step);
        if (await last.ExecuteScalarAsync(cancellationToken) is not DateTime upTo)
        {
            return false;
        }

        var lines = UsageLines.WithNumbers(UsageLines.OfReservations(
            "hold_extensions", "x.hold_id = $6 AND x.posted_at > $3 AND x.posted_at <= $4"));
        await using var fold = work.Command(
            $"WITH lines AS MATERIALIZED ({lines}) {Insert}",
            tenantId, unit.ToCode(), due.ThroughAt, upTo, (long)TagsMax, due.HoldId);
        var foldedE4 = await NoteTagsAsync(work, tenantId, fold, cancellationToken);
        await using var mark = work.Command(
            """
            INSERT INTO usage_hold_marks AS m (tenant_id, hold_id, through_at, folded_e4) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant_id, hold_id) DO UPDATE SET through_at = $3, folded_e4 = m.folded_e4 + $4
            """, tenantId, due.HoldId, upTo, foldedE4);
        await mark.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        return true;
    }

    // One folds at a time.
    private static async Task<long> LockAsync(
        UnitOfWork work, Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            """
            INSERT INTO usage_day_marks AS m (tenant_id, unit, through_seq) VALUES ($1, $2, 0)
            ON CONFLICT (tenant_id, unit) DO UPDATE SET through_seq = m.through_seq RETURNING through_seq
            """, tenantId, unit.ToCode());
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // A month with much that is not folded, or whose parts do not add up to it: then something came in another order.
    private async Task<(Guid HoldId, DateTime ThroughAt, bool AddsUp)?> FindReservationAsync(
        UnitOfWork work, Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            $"""
            SELECT h.id, t.through_at, t.folded_e4 + x.sum = h.extended_e4
            FROM holds h
            LEFT JOIN usage_hold_marks m ON m.tenant_id = h.tenant_id AND m.hold_id = h.id
            CROSS JOIN LATERAL (
              SELECT coalesce(m.through_at, {UsageLines.Beginning}) AS through_at, coalesce(m.folded_e4, 0) AS folded_e4) AS t
            CROSS JOIN LATERAL (
              SELECT count(*) AS count, coalesce(sum(e.amount_e4), 0) AS sum FROM hold_extensions e
              WHERE e.tenant_id = h.tenant_id AND e.hold_id = h.id AND e.posted_at > t.through_at) AS x
            WHERE h.tenant_id = $1 AND h.unit = $2 AND h.cause_type = 'reservation' AND h.extended_e4 <> t.folded_e4
              AND (x.count > $3 OR t.folded_e4 + x.sum <> h.extended_e4)
            ORDER BY h.id LIMIT 1
            """, tenantId, unit.ToCode(), (long)TailMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetGuid(0), reader.GetDateTime(1), reader.GetBoolean(2))
            : null;
    }

    private static async Task ForgetReservationsAsync(
        UnitOfWork work, Guid tenantId, CancellationToken cancellationToken)
    {
        await using var days = work.Command(
            $"DELETE FROM usage_days WHERE tenant_id = $1 AND kind = '{UsageLines.Reserved}'", tenantId);
        await days.ExecuteNonQueryAsync(cancellationToken);
        await using var marks = work.Command("DELETE FROM usage_hold_marks WHERE tenant_id = $1", tenantId);
        await marks.ExecuteNonQueryAsync(cancellationToken);
    }

    // New keys are kept while there is room; a key that turns out to be an id is let go with all its days. Answers what went out.
    private static async Task<long> NoteTagsAsync(
        UnitOfWork work, Guid tenantId, NpgsqlCommand fold, CancellationToken cancellationToken)
    {
        var (touched, foldedE4) = (new List<(string Dimension, DateOnly[] Days)>(), 0L);
        await using (var reader = await fold.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.IsDBNull(1))
                {
                    foldedE4 = reader.IsDBNull(2) ? 0 : reader.GetInt64(2);
                    continue;
                }

                touched.Add((reader.GetString(0), reader.GetFieldValue<DateOnly[]>(1)));
            }
        }

        foreach (var (dimension, days) in touched.OrderByDescending(one => one.Days.Length)
            .ThenBy(one => one.Dimension, StringComparer.Ordinal))
        {
            await using var note = work.Command(
                """
                WITH widest AS (
                  SELECT count(DISTINCT value) AS values FROM usage_days
                  WHERE tenant_id = $1 AND dimension = $2 AND day = ANY ($4) GROUP BY unit, day ORDER BY 1 DESC LIMIT 1
                )
                INSERT INTO usage_tags (tenant_id, tag, is_kept)
                SELECT $1, $3, (SELECT values FROM widest) <= $5
                WHERE EXISTS (SELECT FROM usage_tags WHERE tenant_id = $1 AND tag = $3)
                   OR (SELECT count(*) FROM usage_tags WHERE tenant_id = $1) < $6
                ON CONFLICT (tenant_id, tag) DO UPDATE SET is_kept = usage_tags.is_kept AND excluded.is_kept
                RETURNING is_kept
                """, tenantId, dimension, dimension[UsageLines.TagPrefix.Length..], days, (long)ValuesPerDayMax, (long)TagsMax);
            if (await note.ExecuteScalarAsync(cancellationToken) is not true)
            {
                await using var drop = work.Command(
                    "DELETE FROM usage_days WHERE tenant_id = $1 AND dimension = $2", tenantId, dimension);
                await drop.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        return foldedE4;
    }
}
