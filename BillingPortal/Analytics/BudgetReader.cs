using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Analytics;

/// <summary>A tenant's budgets as they stand, and what was told this month.</summary>
public sealed record BudgetsView(Unit Unit, DateOnly Month, IReadOnlyList<BudgetStanding> Budgets, IReadOnlyList<BudgetAlert> Alerts)
{
    /// <summary>The reached shares of one budget this month, the lowest first.</summary>
    public IEnumerable<BudgetAlert> AlertsOf(Budget budget) =>
        Alerts.Where(alert => alert.Service == budget.Service).OrderBy(alert => alert.Share);
}

/// <summary>Reads budgets and judges them by the figures of now. Changes nothing.</summary>
public sealed class BudgetReader(Database database, SpendReader spends, TimeProvider clock)
{
    public async Task<BudgetsView> ReadAsync(Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        var spend = await spends.ReadAsync(tenantId, plan, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var budgets = await unit.Db.Set<Budget>().AsNoTracking()
            .Where(budget => budget.TenantId == tenantId && budget.Unit == plan).ToListAsync(cancellationToken);
        var alerts = await unit.Db.Set<BudgetAlert>().AsNoTracking()
            .Where(alert => alert.TenantId == tenantId && alert.Unit == plan && alert.Month == spend.Month)
            .ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return new BudgetsView(
            plan, spend.Month,
            [
                .. budgets.Select(budget => BudgetPolicy.Judge(budget, spend, now)).OrderBy(standing => standing.Budget.Service.Length > 0)
                    .ThenByDescending(standing => standing.Percent).ThenBy(standing => standing.Budget.Service, StringComparer.Ordinal),
            ],
            alerts);
    }
}
