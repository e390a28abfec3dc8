using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Analytics;

/// <summary>
/// Answers questions about usage and spend, exact to the last entry: what is folded comes from <see cref="UsageDay"/>, the few lines
/// since are added up on the way, in one statement and so of one snapshot. Changes nothing in the books.
/// </summary>
public sealed class UsageReader(Database database, UsageDays days)
{
    /// <summary>So many values get a row of their own.</summary>
    public const int RowsMax = 20;

    internal const string IsUse =
        "(kind IN ('usage', 'hold_capture', 'rent', 'set_up', 'reserved') OR (kind IN ('refund', 'correction') AND service <> ''))";

    /// <summary>The lines that are not folded yet, in the books and in the open months.</summary>
    internal static readonly string Tail = UsageLines.WithNumbers(
        // As in EntryDays: coalesce() inside, for the index under row-level security; an upper end, for the guess that it is short.
        UsageLines.OfEntries(
            """
            e.seq > (SELECT coalesce(max(through_seq), 0) FROM usage_day_marks WHERE tenant_id = $1 AND unit = $2)
            AND e.seq <= (SELECT last_seq FROM accounts WHERE tenant_id = $1 AND unit = $2)
            """)
        + " UNION ALL "
        + UsageLines.OfReservations(
            $"""
             (SELECT y.* FROM (
                SELECT h.id, coalesce(m.through_at, {UsageLines.Beginning}) AS through_at FROM holds AS h
                LEFT JOIN usage_hold_marks AS m ON m.tenant_id = h.tenant_id AND m.hold_id = h.id
                WHERE h.tenant_id = $1 AND h.unit = $2 AND h.cause_type = 'reservation'
                  AND h.extended_e4 <> coalesce(m.folded_e4, 0)) AS t
              CROSS JOIN LATERAL (
                SELECT * FROM hold_extensions AS e
                WHERE e.tenant_id = $1 AND e.hold_id = t.id AND e.posted_at > t.through_at) AS y)
             """, "true"));

    private static readonly string Sql =
        $"""
        WITH lines AS MATERIALIZED (SELECT * FROM ({Tail}) AS l WHERE l.day >= $3 AND l.day < $4), parts AS (
          SELECT dimension, day, value, service, kind, out_e4, in_e4, quantity, uses FROM usage_days
          WHERE tenant_id = $1 AND unit = $2 AND dimension IN ('{UsageLines.All}', $5) AND day >= $3 AND day < $4
          UNION ALL
          SELECT '{UsageLines.All}', day, '', service, kind, out_e4, in_e4, quantity, (out_e4 > 0)::int FROM lines
          UNION ALL
          SELECT '{UsageLines.Number}', day, number, service, kind, out_e4, in_e4, quantity, (out_e4 > 0)::int FROM lines
          WHERE number IS NOT NULL AND $5 = '{UsageLines.Number}'
          UNION ALL
          SELECT $5, l.day, t.value, l.service, l.kind, l.out_e4, l.in_e4, l.quantity, (l.out_e4 > 0)::int
          FROM lines AS l CROSS JOIN LATERAL ({UsageLines.TagsOfLine}) AS t
          WHERE l.metadata IS NOT NULL AND $5 = '{UsageLines.TagPrefix}' || t.tag
        ), chosen AS (
          SELECT * FROM parts WHERE dimension = $5 AND $5 <> '{UsageLines.All}' AND {IsUse} AND ($7::text IS NULL OR service = $7)
        ), ranked AS (
          SELECT value, row_number() OVER (ORDER BY sum(out_e4 - in_e4) DESC, value) AS place
          FROM chosen WHERE day >= $6 GROUP BY value
        )
        SELECT day, kind, service, NULL AS value, sum(uses)::bigint, sum(quantity), sum(out_e4)::bigint, sum(in_e4)::bigint, 0
        FROM parts WHERE dimension = '{UsageLines.All}' GROUP BY day, kind, service
        UNION ALL
        SELECT day, NULL, NULL, CASE WHEN place <= {RowsMax} THEN c.value END, sum(uses)::bigint, sum(quantity), sum(out_e4)::bigint,
               sum(in_e4)::bigint, max(place)::int
        FROM chosen AS c LEFT JOIN ranked AS r ON r.value = c.value GROUP BY 1, 4
        """;

    public async Task<UsageReport> ReadAsync(
        Guid tenantId, UsageRequest request, CancellationToken cancellationToken = default)
    {
        await days.FoldAsync(tenantId, request.Unit, cancellationToken);
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var tags = await TagsAsync(work, tenantId, request.Unit, cancellationToken);
        await using var command = work.Command(
            Sql, tenantId, request.Unit.ToCode(), request.Before.First, request.Last.AddDays(1), request.Dimension, request.First,
            request.Service);
        var lines = new List<UsageLine>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                lines.Add(Read(reader));
            }
        }

        return UsageReportBuilder.Build(request, lines, tags);
    }

    // Those that are folded, and those of the lines since.
    private static async Task<IReadOnlyList<string>> TagsAsync(
        UnitOfWork work, Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            $"""
            WITH lines AS MATERIALIZED ({Tail}), known AS (
              SELECT tag, is_kept FROM usage_tags WHERE tenant_id = $1
            )
            SELECT tag FROM known WHERE is_kept
            UNION
            (SELECT t.tag FROM lines AS l CROSS JOIN LATERAL ({UsageLines.TagsOfLine}) AS t
             WHERE l.metadata IS NOT NULL AND t.tag NOT IN (SELECT tag FROM known WHERE NOT is_kept)
               AND (t.tag IN (SELECT tag FROM known) OR (SELECT count(*) FROM known) < $3)
             GROUP BY t.tag ORDER BY count(*) DESC, t.tag LIMIT $3)
            ORDER BY tag
            """, tenantId, unit.ToCode(), (long)UsageDays.TagsMax);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tags = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tags.Add(reader.GetString(0));
        }

        return tags;
    }

    private static UsageLine Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<DateOnly>(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        new UsageSums(row.GetInt64(4), row.GetDecimal(5), row.GetInt64(6), row.GetInt64(7)), row.IsDBNull(8) ? null : row.GetInt32(8));
}

/// <summary>Sums of a day: of a kind and service, or (where the kind is null) of a value of the chosen dimension.</summary>
/// <param name="Value">Null for every value beyond the first twenty.</param>
/// <param name="Place">The highest place in it; null where a value is of the days before only.</param>
internal sealed record UsageLine(DateOnly Day, string? Kind, string? Service, string? Value, UsageSums Sums, int? Place);
