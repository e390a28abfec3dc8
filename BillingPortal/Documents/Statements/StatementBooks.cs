using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Documents.Statements;

/// <summary>Reads what a statement is made of from the ledger's entries. Changes nothing.</summary>
internal static class StatementBooks
{
    private const string Groups =
        """
        SELECT e.kind, e.service, e.amount_e4 > 0, u.rate, CASE WHEN e.kind = 'settlement' THEN e.cause_id END,
               count(*), sum(u.quantity), sum(e.amount_e4)::bigint, min(e.amount_e4), max(e.amount_e4), max(e.posted_at)
        FROM entries e
        LEFT JOIN usage_events u ON u.idempotency_key = e.idempotency_key AND u.tenant_id = e.tenant_id
        WHERE e.tenant_id = $1 AND e.unit = $2 AND e.seq > $3 AND e.seq <= $4
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2 NULLS FIRST, 3 DESC, 4 NULLS LAST, 5
        """;

    private const string DebtOf =
        """
        SELECT coalesce(sum(amount_e4) FILTER (WHERE posted_at < $3), 0)::bigint,
               coalesce(sum(amount_e4) FILTER (WHERE posted_at >= $3 AND amount_e4 > 0), 0)::bigint,
               coalesce(-sum(amount_e4) FILTER (WHERE posted_at >= $3 AND amount_e4 < 0), 0)::bigint
        FROM debt_entries WHERE tenant_id = $1 AND unit = $2 AND posted_at < $4
        """;

    /// <summary>The number of the last entry posted before that moment; 0 when there is none.</summary>
    public static async Task<long> CutAsync(
        UnitOfWork unit, Guid tenantId, Unit account, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT statement_cut($1, $2, $3)", tenantId, account.ToCode(), before);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The balance after the entry of that number.</summary>
    public static async Task<long> BalanceAtAsync(
        UnitOfWork unit, Guid tenantId, Unit account, long seq, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT balance_after_e4 FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq = $3",
            tenantId, account.ToCode(), seq);
        return (long?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
    }

    /// <summary>When the account's first entry was posted; null when it has none.</summary>
    public static async Task<DateTimeOffset?> BeginningAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT posted_at FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq = 1", tenantId, account.ToCode());
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at
            ? new DateTimeOffset(at, TimeSpan.Zero)
            : null;
    }

    /// <summary>The entries after one number up to and with another, added up.</summary>
    public static async Task<IReadOnlyList<EntryGroup>> GroupsAsync(
        UnitOfWork unit, Guid tenantId, Unit account, long after, long through, CancellationToken cancellationToken)
    {
        var groups = new List<EntryGroup>();
        await using var command = unit.Command(Groups, tenantId, account.ToCode(), after, through);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            groups.Add(new EntryGroup(
                TextCodes.Parse<EntryKind>(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1),
                row.GetBoolean(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.GetInt64(5), row.IsDBNull(6) ? null : row.GetDecimal(6), row.GetInt64(7), row.GetInt64(8),
                row.GetInt64(9), row.GetFieldValue<DateTimeOffset>(10)));
        }

        return groups;
    }

    /// <summary>What was owed when the month began, and what was added and paid since.</summary>
    public static async Task<(long Opening, long Incurred, long Repaid)> DebtAsync(
        UnitOfWork unit, Guid tenantId, Unit account, StatementMonth month, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(DebtOf, tenantId, account.ToCode(), month.Start, month.End);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }
}
