using BillingPortal.Data;
using BillingPortal.Tenants;

namespace BillingPortal.Support;

/// <summary>Tells a form beforehand whether a second person will be asked. The request itself judges again, under its lock.</summary>
public sealed class StaffLimits(Database database, SupportOptions options, TimeProvider clock)
{
    public async Task<LimitVerdict> JudgeAsync(
        Guid staffId, long? valueCents, bool leavesDebt, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var person = await StaffPerson.FindAsync(unit, staffId, cancellationToken);
        var used = await StaffRequests.UsedTodayAsync(unit, staffId, clock.GetUtcNow(), cancellationToken);
        return StaffLimitPolicy.Judge(person?.Role ?? StaffRole.Agent, valueCents, used, leavesDebt, options);
    }
}
