using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// How fast a tenant uses its account, from the newest entries of the ledger: bounded, so that the busiest tenant costs
/// no more than a fraction of a second. Changes nothing.
/// </summary>
public sealed class UsagePaceReader(RechargeOptions options, IReservedUse? reserved = null)
{
    // For more entries than this in the history the median comes from the hours that they cover.
    private const int EntriesMax = 300_000;

    private const string Recent =
        """
        WITH recent AS (
          SELECT occurred_at, -amount_e4 AS used, kind FROM entries WHERE tenant_id = $1 AND unit =
              $2 ORDER BY seq DESC LIMIT $5
        ), used AS (
          SELECT occurred_at, used FROM recent
          WHERE kind IN ('usage', 'hold_capture') AND occurred_at <= $3 AND occurred_at > $3 - make_interval(
              days => $4 + 1)
        )
        """;

    /// <summary>
    /// The last sixty minutes against the median of the hours with usage before; by when the usage occurred.
    /// </summary>
    public async Task<UsagePace> ReadAsync(
        UnitOfWork unit, Guid tenantId, Unit account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(unit, tenantId, account, now,
            $"""
            {Recent}, hours AS (
              SELECT floor(extract(epoch FROM $3 - occurred_at) / 3600)::int AS ago, sum(
                  used) AS used FROM used GROUP BY 1
            )
            SELECT coalesce(sum(used) FILTER (WHERE ago = 0), 0)::bigint,
                   (percentile_disc(0.5) WITHIN GROUP (ORDER BY used) FILTER (WHERE ago > 0 AND used > 0))::bigint,
                   count(*) FILTER (WHERE ago > 0 AND used > 0)
            FROM hours
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var isKnown = reader.GetInt64(2) >= options.SpikeHoursMin;
        return new UsagePace(
            new Amount(reader.GetInt64(0), account), isKnown ? new Amount(reader.GetInt64(1), account) : null);
    }

    /// <summary>
    /// Usage of each whole local day of the last <see cref="RechargeOptions.HistoryDays"/>, oldest first, from the
    /// first day with an entry on; days without usage count as zero. What is reserved with a month counts on its day.
    /// </summary>
    public async Task<IReadOnlyList<Amount>> DaysAsync(
        UnitOfWork unit, Guid tenantId, Unit account, string zone, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var holds = account is Unit.Usd && reserved is not null
            ? reserved.HoldsOf(tenantId, now.AddDays(-options.HistoryDays - 1), now).ToArray() : [];
        await using var command = Command(unit, tenantId, account, now,
            $"""
            {Recent}, kept AS (
              SELECT occurred_at, amount_e4 AS used FROM hold_extensions
              WHERE tenant_id = $1 AND hold_id = ANY ($7) AND occurred_at <= $3
                AND occurred_at > $3 - make_interval(days => $4 + 1)
              ORDER BY posted_at DESC LIMIT $5
            ), everything AS (
              SELECT occurred_at, used FROM used UNION ALL SELECT occurred_at, used FROM kept
            ), span AS (
              SELECT greatest(
                  (min(occurred_at) AT TIME ZONE $6)::date, ($3 AT TIME ZONE $6)::date - $4) AS first FROM recent
            ), days AS (
              SELECT d::date AS day FROM span, generate_series(
                  span.first, ($3 AT TIME ZONE $6)::date - 1, interval '1 day') AS d
            )
            SELECT coalesce(sum(e.used), 0)::bigint
            FROM days LEFT JOIN everything e ON (e.occurred_at AT TIME ZONE $6)::date = days.day
            GROUP BY days.day ORDER BY days.day
            """, zone, holds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var days = new List<Amount>();
        while (await reader.ReadAsync(cancellationToken))
        {
            days.Add(new Amount(reader.GetInt64(0), account));
        }

        return days;
    }

    private NpgsqlCommand Command(
        UnitOfWork unit, Guid tenantId, Unit account, DateTimeOffset now, string sql, params object[] more) =>
        unit.Command(sql, [tenantId, account.ToCode(), now, options.HistoryDays, EntriesMax, .. more]);
}
