using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// How fast a tenant uses its account: by the hour from the newest entries, bounded, so that the busiest tenant costs no more than
/// a fraction of a second; by the day from the ledger's sums. Changes nothing.
/// </summary>
public sealed class UsagePaceReader(RechargeOptions options, EntryDays sums, IReservedUse? reserved = null)
{
    // For more entries than this in the history the median comes from the hours that they cover.
    private const int EntriesMax = 60_000;

    /// <summary>
    /// The last sixty minutes against the median of the hours with usage before; by when the usage occurred.
    /// </summary>
    public async Task<UsagePace> ReadAsync(
        UnitOfWork unit, Guid tenantId, Unit account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            """
            WITH recent AS (
              SELECT occurred_at, -amount_e4 AS used, kind FROM entries WHERE tenant_id = $1 AND unit = $2
              ORDER BY seq DESC LIMIT $5
            ), hours AS (
              SELECT floor(extract(epoch FROM $3 - occurred_at) / 3600)::int AS ago, sum(used) AS used FROM recent
              WHERE kind IN ('usage', 'hold_capture') AND occurred_at <= $3 AND occurred_at > $3 - make_interval(days => $4 + 1)
              GROUP BY 1
            )
            SELECT coalesce(sum(used) FILTER (WHERE ago = 0), 0)::bigint,
                   (percentile_disc(0.5) WITHIN GROUP (ORDER BY used) FILTER (WHERE ago > 0 AND used > 0))::bigint,
                   count(*) FILTER (WHERE ago > 0 AND used > 0)
            FROM hours
            """, tenantId, account.ToCode(), now, options.HistoryDays, EntriesMax);
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
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
        var from = today.AddDays(-options.HistoryDays);
        var used = new Dictionary<DateOnly, long>();
        foreach (var day in await sums.ReadAsync(unit, tenantId, account, zone, from, today, cancellationToken))
        {
            Add(day.Day, day.Kind is EntryKind.Usage or EntryKind.HoldCapture ? day.OutE4 - day.InE4 : 0);
        }

        if (account is Unit.Usd && reserved is not null)
        {
            await AddReservedAsync();
        }

        if (await FirstDayAsync(unit, tenantId, account, zone, cancellationToken) is not { } first)
        {
            return [];
        }

        // What was reported late may lie before the first entry by number.
        first = used.Keys.Append(first).Min();
        first = first > from ? first : from;
        var days = Math.Max(0, today.DayNumber - first.DayNumber);
        return [.. Enumerable.Range(0, days).Select(day => new Amount(used.GetValueOrDefault(first.AddDays(day)), account))];

        void Add(DateOnly day, long amountE4) => used[day] = used.GetValueOrDefault(day) + amountE4;

        async Task AddReservedAsync()
        {
            await using var command = unit.Command(
                """
                SELECT (occurred_at AT TIME ZONE $5)::date, sum(amount_e4)::bigint FROM hold_extensions
                WHERE tenant_id = $1 AND hold_id = ANY ($2) AND occurred_at <= $3 AND occurred_at > $3 - make_interval(days => $4 + 1)
                GROUP BY 1
                """, tenantId, reserved.HoldsOf(tenantId, now.AddDays(-options.HistoryDays - 1), now).ToArray(), now,
                options.HistoryDays, zone);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                Add(reader.GetFieldValue<DateOnly>(0), reader.GetInt64(1));
            }
        }
    }

    // The account's history begins with its first entry; days before it would only dilute the pace.
    private static async Task<DateOnly?> FirstDayAsync(
        UnitOfWork unit, Guid tenantId, Unit account, string zone, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            "SELECT (occurred_at AT TIME ZONE $3)::date FROM entries WHERE tenant_id = $1 AND unit = $2 ORDER BY seq LIMIT 1",
            tenantId, account.ToCode(), zone);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetFieldValue<DateOnly>(0) : null;
    }
}
