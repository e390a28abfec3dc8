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
        return await (from action in unit.Db.Set<StaffAction>().AsNoTracking()
                      join tenant in unit.Db.Set<Tenant>() on action.TenantId equals tenant.Id
                      where action.State == StaffActionState.AwaitingApproval
                      orderby action.RequestedAt
                      select new StaffActionRow(action, tenant.Name)).Take(most).ToListAsync(cancellationToken);
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
        return await (from action in unit.Db.Set<StaffAction>().AsNoTracking()
                      join tenant in unit.Db.Set<Tenant>() on action.TenantId equals tenant.Id
                      where action.State != StaffActionState.AwaitingApproval && action.RequestedAt >= since
                          && (action.IsAboveLimit || action.IsAboveDay || action.LeavesDebt)
                      orderby action.RequestedAt descending
                      select new StaffActionRow(action, tenant.Name)).Take(most).ToListAsync(cancellationToken);
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
}

/// <summary>An action and the name of its tenant.</summary>
public sealed record StaffActionRow(StaffAction Action, string TenantName);
