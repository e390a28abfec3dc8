using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Analytics;

/// <summary>The tenants whose first payment lies in one month, and what became of them.</summary>
/// <param name="Cells">By months since; null where nobody paid, shorter for younger cohorts.</param>
public sealed record Cohort(DateOnly Month, IReadOnlyList<CohortCell?> Cells)
{
    public int Tenants => Cells[0]?.Tenants ?? 0;

    public Amount Revenue => Amount.UsdCents(Cells.Sum(cell => cell?.RevenueCents ?? 0));

    public long Payments => Cells.Sum(cell => cell?.Payments ?? 0);
}

/// <summary>Cohorts, the youngest first.</summary>
/// <param name="CountedAt">Null: never yet, or nobody has paid.</param>
/// <param name="This">The running month, which is not over.</param>
public sealed record CohortTable(CohortScope Scope, DateTimeOffset? CountedAt, DateOnly This, IReadOnlyList<Cohort> Cohorts)
{
    /// <summary>Columns: the age of the oldest cohort.</summary>
    public int Months => Cohorts.Select(cohort => cohort.Cells.Count).DefaultIfEmpty().Max();
}

/// <summary>Reads the counted cohorts: a few hundred rows, whatever the payments. Changes nothing.</summary>
public sealed class CohortReader(Database database, TimeProvider clock)
{
    public async Task<CohortTable> ReadAsync(CohortScope scope, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var cells = await unit.Db.Set<CohortCell>().AsNoTracking().Where(cell => cell.Scope == scope).ToListAsync(cancellationToken);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var now = today.AddDays(1 - today.Day);
        return new CohortTable(
            scope, cells.Count == 0 ? null : cells.Max(cell => cell.CountedAt), now,
            [
                .. cells.GroupBy(cell => cell.Cohort).OrderByDescending(cohort => cohort.Key)
                    .Select(cohort => Of(cohort.Key, now, cohort.ToDictionary(cell => cell.Months))),
            ]);
    }

    private static Cohort Of(DateOnly month, DateOnly now, Dictionary<int, CohortCell> cells)
    {
        var age = ((now.Year - month.Year) * 12) + now.Month - month.Month;
        return new Cohort(month, [.. Enumerable.Range(0, Math.Max(age + 1, cells.Keys.Max() + 1)).Select(cells.GetValueOrDefault)]);
    }
}
