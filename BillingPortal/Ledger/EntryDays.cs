using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Ledger;

/// <summary>
/// Sums of an account by day, kind and service, exact to the last entry and cheap over millions of them: what is folded into
/// <see cref="EntryDay"/> is read from there, the few entries since are added up on the way. The hot table needs no further index.
/// </summary>
public sealed class EntryDays(Database database)
{
    // Adding up this many entries costs a few milliseconds; more are folded first.
    private const int TailMax = 1_000;
    private const int FoldedAtOnce = 200_000;

    /// <summary>
    /// Folds what has been posted since the last time, in steps that are committed one by one. Safe to repeat and to
    /// race.
    /// </summary>
    public async Task FoldAsync(
        Guid tenantId, Unit unit, string timeZone, CancellationToken cancellationToken = default)
    {
        while (await FoldStepAsync(tenantId, unit, timeZone, cancellationToken))
        {
        }
    }

    /// <summary>
    /// The sums of the days in [<paramref name="from"/>, <paramref name="to"/>), of one snapshot of the books. A null
    /// bound is open.
    /// </summary>
    public async Task<IReadOnlyList<EntryDay>> ReadAsync(
        UnitOfWork work, Guid tenantId, Unit unit, string timeZone, DateOnly? from, DateOnly? to,
        CancellationToken cancellationToken = default)
    {
        await using var command = work.Command(
            """
            WITH mark AS (
              SELECT through_seq FROM entry_day_marks WHERE tenant_id = $1 AND unit = $2 AND time_zone = $3
            ), parts AS (
              SELECT day, kind, service, in_e4, out_e4, entries, first_seq, last_seq
              FROM entry_days WHERE tenant_id = $1 AND unit = $2 AND EXISTS (SELECT FROM mark)
              UNION ALL
              SELECT (occurred_at AT TIME ZONE $3)::date, kind, coalesce(service, ''),
                     greatest(amount_e4, 0), greatest(-amount_e4, 0), 1, seq, seq
              -- Under row-level security coalesce() may stand only inside the subquery, or the index is not asked for the number; the
              -- upper end changes nothing but the guess: a range is taken for short.
              FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq > (SELECT coalesce(max(through_seq), 0) FROM mark)
                AND seq <= (SELECT last_seq FROM accounts WHERE tenant_id = $1 AND unit = $2)
            )
            SELECT day, kind, service, sum(in_e4)::bigint, sum(out_e4)::bigint, sum(entries)::bigint,
                   min(first_seq), max(last_seq)
            FROM parts WHERE ($4::date IS NULL OR day >= $4) AND ($5::date IS NULL OR day < $5)
            GROUP BY day, kind, service ORDER BY day, kind, service
            """, tenantId, unit.ToCode(), timeZone, from, to);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new List<EntryDay>();
        while (await reader.ReadAsync(cancellationToken))
        {
            days.Add(Read(reader, tenantId, unit));
        }

        return days;
    }

    // True when there may be more to fold.
    private async Task<bool> FoldStepAsync(
        Guid tenantId, Unit unit, string timeZone, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        if (await TailAsync(work, tenantId, unit, timeZone, cancellationToken) is not { } tail || tail <= TailMax || work.IsReadOnly)
        {
            return false;
        }

        var through = await LockMarkAsync(work, tenantId, unit, timeZone, cancellationToken);
        await using var fold = work.Command(
            """
            WITH upto AS (
              SELECT least(last_seq, $4::bigint + $5) AS seq FROM accounts WHERE tenant_id = $1 AND unit = $2
            ), folded AS (
              INSERT INTO entry_days AS d (
                tenant_id, unit, day, kind, service, in_e4, out_e4, entries, first_seq, last_seq)
              SELECT $1, $2, (occurred_at AT TIME ZONE $3)::date, kind, coalesce(service, ''),
                     sum(greatest(amount_e4, 0)), sum(greatest(-amount_e4, 0)), count(*), min(seq), max(seq)
              FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq > $4 AND seq <= (SELECT seq FROM upto)
              GROUP BY 3, 4, 5
              ON CONFLICT (tenant_id, unit, day, kind, service) DO UPDATE
              SET in_e4 = d.in_e4 + excluded.in_e4, out_e4 = d.out_e4 + excluded.out_e4,
                  entries = d.entries + excluded.entries, last_seq = excluded.last_seq
            )
            UPDATE entry_day_marks SET through_seq = (SELECT seq FROM upto) WHERE tenant_id = $1 AND unit = $2
            """, tenantId, unit.ToCode(), timeZone, through, FoldedAtOnce);
        await fold.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        return tail > FoldedAtOnce;
    }

    // Entries beyond the mark; null without an account.
    private static async Task<long?> TailAsync(
        UnitOfWork work, Guid tenantId, Unit unit, string timeZone, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            """
            SELECT a.last_seq - coalesce(m.through_seq, 0)
            FROM accounts a LEFT JOIN entry_day_marks m ON m.tenant_id = a.tenant_id AND m.unit = a.unit AND m.time_zone = $3
            WHERE a.tenant_id = $1 AND a.unit = $2
            """, tenantId, unit.ToCode(), timeZone);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    // One folds at a time; days of another zone are thrown away first.
    private static async Task<long> LockMarkAsync(
        UnitOfWork work, Guid tenantId, Unit unit, string timeZone, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            """
            INSERT INTO entry_day_marks AS m (tenant_id, unit, time_zone, through_seq) VALUES ($1, $2, $3, 0)
            ON CONFLICT (tenant_id, unit) DO UPDATE
            SET time_zone = $3, through_seq = CASE WHEN m.time_zone = $3 THEN m.through_seq ELSE 0 END
            RETURNING through_seq
            """, tenantId, unit.ToCode(), timeZone);
        var through = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (through == 0)
        {
            await using var clear = work.Command(
                "DELETE FROM entry_days WHERE tenant_id = $1 AND unit = $2", tenantId, unit.ToCode());
            await clear.ExecuteNonQueryAsync(cancellationToken);
        }

        return through;
    }

    private static EntryDay Read(NpgsqlDataReader reader, Guid tenantId, Unit unit) => new()
    {
        TenantId = tenantId,
        Unit = unit,
        Day = reader.GetFieldValue<DateOnly>(0),
        Kind = TextCodes.Parse<EntryKind>(reader.GetString(1)),
        Service = reader.GetString(2),
        InE4 = reader.GetInt64(3),
        OutE4 = reader.GetInt64(4),
        Entries = reader.GetInt64(5),
        FirstSeq = reader.GetInt64(6),
        LastSeq = reader.GetInt64(7),
    };
}
