using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Npgsql;

namespace BillingPortal.Wallet;

/// <summary>
/// The two statements over the entries of one account. Both walk the primary key within given runs of entry numbers.
/// </summary>
internal static class TransactionSql
{
    private const string Matches =
        """
        e.tenant_id = $1 AND e.unit = $2 AND e.seq BETWEEN r.low AND r.high
        AND ($5::text[] IS NULL OR e.kind = ANY ($5)) AND ($6::text IS NULL OR e.service = $6)
        AND ($7::timestamptz IS NULL OR e.occurred_at >= $7) AND ($8::timestamptz IS NULL OR e.occurred_at < $8)
        AND ($9::text IS NULL OR e.reference ILIKE $9 OR e.note ILIKE $9)
        """;

    public static NpgsqlCommand Rows(
        UnitOfWork work, Guid tenantId, TransactionFilter filter, IReadOnlyCollection<SeqRange> runs, int limit,
        string prefix = "") =>
        Build(work, tenantId, filter, runs, limit,
            $"""
             {prefix} SELECT m.* FROM unnest($3::bigint[], $4::bigint[]) AS r(low, high)
             CROSS JOIN LATERAL (
               SELECT e.seq, e.kind, e.amount_e4, e.balance_after_e4, e.occurred_at, e.posted_at, e.service,
                      e.reference, e.note, e.cause_type, e.cause_id, e.reverses_seq
               FROM entries e WHERE {Matches} ORDER BY e.tenant_id, e.unit, e.seq DESC LIMIT $10::int) AS m
             ORDER BY m.seq DESC LIMIT $10::int
             """);

    public static NpgsqlCommand Totals(
        UnitOfWork work, Guid tenantId, TransactionFilter filter, IReadOnlyCollection<SeqRange> runs) =>
        Build(work, tenantId, filter, runs, limit: null,
            $"""
             SELECT count(*), coalesce(sum(amount_e4) FILTER (WHERE amount_e4 > 0), 0)::bigint,
                    coalesce(-sum(amount_e4) FILTER (WHERE amount_e4 < 0), 0)::bigint
             FROM unnest($3::bigint[], $4::bigint[]) AS r(low, high) JOIN entries e ON {Matches}
             """);

    public static Transaction Read(NpgsqlDataReader row, Unit unit) => new()
    {
        Unit = unit,
        Seq = row.GetInt64(0),
        Kind = TextCodes.Parse<EntryKind>(row.GetString(1)),
        Amount = new Amount(row.GetInt64(2), unit),
        BalanceAfter = new Amount(row.GetInt64(3), unit),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(4),
        PostedAt = row.GetFieldValue<DateTimeOffset>(5),
        Service = Text(row, 6),
        Reference = Text(row, 7),
        Note = Text(row, 8),
        CauseType = row.GetString(9),
        CauseId = Text(row, 10),
        ReversesSeq = row.IsDBNull(11) ? null : row.GetInt64(11),
    };

    private static NpgsqlCommand Build(
        UnitOfWork work, Guid tenantId, TransactionFilter filter, IReadOnlyCollection<SeqRange> runs, int? limit,
        string sql)
    {
        List<object?> parameters =
        [
            tenantId, filter.Unit.ToCode(),
            runs.Select(run => run.Low).ToArray(), runs.Select(run => run.High).ToArray(),
            filter.Kinds.Count == 0 ? null : filter.Kinds.Select(TextCodes.Of).ToArray(),
            filter.Service, filter.From, filter.To,
            filter.Text is null ? null : $"%{Literal(filter.Text)}%",
        ];
        if (limit is not null)
        {
            parameters.Add(limit);
        }

        return work.Command(sql, parameters.ToArray());
    }

    // What a person types is text, not a pattern.
    private static string Literal(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
