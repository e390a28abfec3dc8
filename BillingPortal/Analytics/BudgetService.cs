using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Analytics;

/// <summary>
/// Sets and removes budgets, each change in the audit log with the same commit. A share that another amount no longer reaches may be
/// told again; one that is still reached is not.
/// </summary>
public sealed class BudgetService(
    Database database, SpendReader spends, BudgetMails mails, AuditLog audit, TimeProvider clock,
    BalanceFeed? feed = null)
{
    /// <summary>Null when it stands; else what to change. Repeating it changes nothing.</summary>
    public async Task<string?> SaveAsync(
        Guid tenantId, string service, Amount amount, IReadOnlyCollection<int> shares, Actor actor,
        CancellationToken cancellationToken = default)
    {
        if (BudgetPolicy.Refuse(service, amount, shares) is { } refusal)
        {
            return refusal;
        }

        var spend = await spends.ReadAsync(tenantId, amount.Unit, cancellationToken);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var budget = await LockAsync(unit, tenantId, amount.Unit, service, cancellationToken);
        var before = budget is null ? null : Terms.Of(budget);
        if (budget is null)
        {
            budget = new Budget
            {
                TenantId = tenantId,
                Unit = amount.Unit,
                Service = service,
                AmountE4 = 0,
                Shares = [],
                ChangedAt = default,
            };
            unit.Db.Add(budget);
        }

        (budget.AmountE4, budget.Shares, budget.ChangedAt) = (amount.E4, [.. shares.Distinct().Order()], clock.GetUtcNow());
        await ForgetAsync(
            unit, spend.Month, budget, share => spend.InMonth(service).E4 < Budget.ReachedAtE4(amount.E4, share), cancellationToken);
        audit.Record(unit, new AuditRecord(
            tenantId, actor, "budget.changed", "budget", BudgetTexts.Code(service),
            $"{BudgetTexts.Of(service)}: budget of {AmountFormat.Text(amount)} a month, told at {BudgetTexts.Shares(budget.Shares)}",
            before, Terms.Of(budget)));
        feed?.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>True when there was one.</summary>
    public async Task<bool> RemoveAsync(
        Guid tenantId, Unit plan, string service, Actor actor, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await LockAsync(unit, tenantId, plan, service, cancellationToken) is not { } budget)
        {
            return false;
        }

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await ForgetAsync(unit, today.AddDays(1 - today.Day), budget, _ => true, cancellationToken);
        unit.Db.Remove(budget);
        audit.Record(unit, new AuditRecord(
            tenantId, actor, "budget.removed", "budget", BudgetTexts.Code(service),
            $"{BudgetTexts.Of(service)}: budget of {AmountFormat.Text(budget.Amount)} a month removed", Terms.Of(budget)));
        feed?.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    // Against the watch, which locks the same row.
    private static Task<Budget?> LockAsync(
        UnitOfWork unit, Guid tenantId, Unit plan, string service, CancellationToken cancellationToken)
    {
        var code = plan.ToCode();
        return unit.Db.Set<Budget>().FromSql(
            $"SELECT * FROM budgets WHERE tenant_id = {tenantId} AND unit = {code} AND service = {service} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task ForgetAsync(
        UnitOfWork unit, DateOnly month, Budget budget, Func<int, bool> isOver, CancellationToken cancellationToken)
    {
        var told = await unit.Db.Set<BudgetAlert>().Where(alert => alert.TenantId == budget.TenantId && alert.Unit == budget.Unit
            && alert.Service == budget.Service && alert.Month == month).ToListAsync(cancellationToken);
        foreach (var alert in told.Where(alert => isOver(alert.Share)))
        {
            mails.End(unit, alert);
            unit.Db.Remove(alert);
        }
    }

    /// <summary>A budget as the audit log shows it.</summary>
    private sealed record Terms(Amount Amount, string ToldAt)
    {
        public static Terms Of(Budget budget) => new(budget.Amount, BudgetTexts.Shares(budget.Shares));
    }
}
