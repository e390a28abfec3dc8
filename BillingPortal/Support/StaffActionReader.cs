using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>Reads refunds and adjustments by staff, for staff. Changes nothing.</summary>
public sealed class StaffActionReader(Database database)
{
    /// <summary>What waits for a second person, the oldest first.</summary>
    public async Task<IReadOnlyList<StaffActionRow>> WaitingAsync(int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await Rows(unit, unit.Db.Set<StaffAction>()
            .Where(action => action.State == StaffActionState.AwaitingApproval)
            .OrderBy(action => action.RequestedAt).Take(most)).OrderBy(row => row.Action.RequestedAt).ToListAsync(cancellationToken);
    }

    public async Task<int> CountWaitingAsync(CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<StaffAction>().CountAsync(
            action => action.State == StaffActionState.AwaitingApproval, cancellationToken);
    }

    /// <summary>What a second person was asked for and is decided, the newest first.</summary>
    public async Task<IReadOnlyList<StaffActionRow>> DecidedAsync(
        DateTimeOffset since, int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await Rows(unit, unit.Db.Set<StaffAction>()
            .Where(action => action.State != StaffActionState.AwaitingApproval && action.RequestedAt >= since
                && (action.IsAboveLimit || action.IsAboveDay || action.LeavesDebt))
            .OrderByDescending(action => action.RequestedAt).Take(most))
            .OrderByDescending(row => row.Action.RequestedAt).ToListAsync(cancellationToken);
    }

    /// <summary>Of one tenant, the newest first.</summary>
    public async Task<IReadOnlyList<StaffAction>> OfTenantAsync(
        Guid tenantId, int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<StaffAction>().AsNoTracking().Where(action => action.TenantId == tenantId)
            .OrderByDescending(action => action.RequestedAt).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>What became of a form's attempt, however often the page was reloaded.</summary>
    public async Task<StaffAction?> FindByAttemptAsync(string attemptKey, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<StaffAction>().AsNoTracking()
            .SingleOrDefaultAsync(action => action.AttemptKey == attemptKey, cancellationToken);
    }

    private static IQueryable<StaffActionRow> Rows(UnitOfWork unit, IQueryable<StaffAction> actions) =>
        from action in actions
        join tenant in unit.Db.Set<Tenant>() on action.TenantId equals tenant.Id
        select new StaffActionRow(action, tenant.Name);
}

/// <summary>An action and the name of its tenant.</summary>
public sealed record StaffActionRow(StaffAction Action, string TenantName);
