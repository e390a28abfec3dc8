using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Wallet;

namespace BillingPortal.Analytics;

/// <summary>What was spent per UTC day and service since the start of a month or of the forecast's days, whichever is earlier.</summary>
/// <param name="FirstDay">Of the account's first entry; null without one.</param>
/// <param name="LastSeq">Of the account before it was read: what has come since is found at the next look.</param>
internal sealed record Spend(
    Unit Unit, DateOnly Month, DateOnly Today, DateOnly? FirstDay, IReadOnlyList<SpendDay> Days, IReadOnlyList<Renewal> Renewals,
    long LastSeq, long HeldE4)
{
    /// <summary>Spent in the month: on one service, or (empty) on all.</summary>
    public Amount InMonth(string service) => new(
        Days.Where(day => day.Day >= Month && day.Day < Month.AddMonths(1) && (service.Length == 0 || day.Service == service))
            .Sum(day => day.SpentE4), Unit);
}

/// <summary>One day of one service.</summary>
internal sealed record SpendDay(DateOnly Day, string Service, long SpentE4);

/// <summary>Reads what was spent, exact to the last entry, from the days and what came since. Changes nothing in the books.</summary>
public sealed class SpendReader(Database database, UsageDays days, RenewalReader renewals, TimeProvider clock)
{
    private const string Accounts = "SELECT last_seq, held_e4 FROM accounts WHERE tenant_id = $1 AND unit = $2";

    private static readonly string Sql =
        $"""
        WITH lines AS MATERIALIZED ({UsageReader.Tail}), parts AS (
          SELECT day, service, kind, out_e4, in_e4 FROM usage_days
          WHERE tenant_id = $1 AND unit = $2 AND dimension = '{UsageLines.All}' AND day >= $3
          UNION ALL SELECT day, service, kind, out_e4, in_e4 FROM lines WHERE day >= $3
        )
        SELECT day, service, sum(out_e4 - in_e4)::bigint FROM parts WHERE {UsageReader.IsUse} GROUP BY day, service
        """;

    internal async Task<Spend> ReadAsync(Guid tenantId, Unit unit, CancellationToken cancellationToken = default)
    {
        await days.FoldAsync(tenantId, unit, cancellationToken);
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var month = today.AddDays(1 - today.Day);
        var from = today.AddDays(-ForecastPolicy.WindowDays) is var window && window < month ? window : month;
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var (lastSeq, held) = await AccountAsync(work, tenantId, unit, cancellationToken);
        var spent = new List<SpendDay>();
        await using (var command = work.Command(Sql, tenantId, unit.ToCode(), from))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                spent.Add(new SpendDay(reader.GetFieldValue<DateOnly>(0), reader.GetString(1), reader.GetInt64(2)));
            }
        }

        var end = new DateTimeOffset(month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero).AddTicks(-1);
        return new Spend(
            unit, month, today, await FirstDayAsync(work, tenantId, unit, cancellationToken), spent,
            await renewals.ReadAsync(work, tenantId, unit, end, cancellationToken), lastSeq, held);
    }

    // Before everything else: later entries make the next look due.
    private static async Task<(long LastSeq, long HeldE4)> AccountAsync(
        UnitOfWork work, Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var command = work.Command(Accounts, tenantId, unit.ToCode());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetInt64(1)) : default;
    }

    private static async Task<DateOnly?> FirstDayAsync(
        UnitOfWork work, Guid tenantId, Unit unit, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            """
            SELECT least(
              (SELECT occurred_at FROM entries WHERE tenant_id = $1 AND unit = $2 AND seq = 1),
              (SELECT min(occurred_at) FROM holds WHERE tenant_id = $1 AND unit = $2 AND cause_type = 'reservation'))
            """, tenantId, unit.ToCode());
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime first ? DateOnly.FromDateTime(first) : null;
    }
}
