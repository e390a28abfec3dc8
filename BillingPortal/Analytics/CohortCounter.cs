using BillingPortal.Data;

namespace BillingPortal.Analytics;

/// <summary>
/// Counts the cohorts over every payment there is, beside the pages: the hourly job and whoever presses the button. One counts at a
/// time; the figures before stay until the new ones are whole.
/// </summary>
public sealed class CohortCounter(Database database, TimeProvider clock)
{
    /// <summary>Cohorts of so many months are kept; first payments are looked for in all of history.</summary>
    public const int MonthsMax = 24;

    private const string Fill =
        """
        INSERT INTO cohort_cells (scope, cohort, months, tenants, payments, revenue_cents, counted_at)
        WITH paid AS (
          SELECT tenant_id, date_trunc('month', settled_at AT TIME ZONE 'UTC')::date AS month, count(*) AS payments,
                 sum(greatest(price_cents - refunded_cents - disputed_cents, 0)) AS cents
          FROM purchases WHERE settled_at IS NOT NULL AND ($1 = 'all' OR kind = 'auto_recharge') GROUP BY 1, 2
        ), cohorts AS (
          SELECT tenant_id, month, payments, cents, min(month) OVER (PARTITION BY tenant_id) AS cohort FROM paid
        )
        SELECT $1, cohort,
               ((extract(year FROM month) - extract(year FROM cohort)) * 12 + extract(month FROM month) - extract(month FROM cohort))::int,
               count(*)::int, sum(payments)::bigint, sum(cents)::bigint, $3
        FROM cohorts WHERE cohort >= $2 GROUP BY 2, 3
        """;

    /// <summary>How many cells there are now; null where another is counting.</summary>
    public async Task<int?> CountAsync(CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using (var take = unit.Command("SELECT pg_try_advisory_xact_lock(hashtext('cohorts'))"))
        {
            if (await take.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return null;
            }
        }

        await using (var clear = unit.Command("DELETE FROM cohort_cells"))
        {
            await clear.ExecuteNonQueryAsync(cancellationToken);
        }

        var cells = 0;
        foreach (var scope in Enum.GetValues<CohortScope>())
        {
            await using var fill = unit.Command(
                Fill, TextCodes.Of(scope), today.AddDays(1 - today.Day).AddMonths(1 - MonthsMax), now);
            fill.CommandTimeout = 300;
            cells += await fill.ExecuteNonQueryAsync(cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return cells;
    }
}
