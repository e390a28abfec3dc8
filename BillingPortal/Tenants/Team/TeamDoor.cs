using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Team;

/// <summary>How every change of a team begins: one at a time, and only by who may make it as the database says now.</summary>
internal static class TeamDoor
{
    /// <summary>
    /// One change of a tenant's team at a time, or two owners could each remove the other. Held until the unit ends.
    /// </summary>
    public static async Task TakeTurnAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        await using var turn = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"team:{tenantId}");
        await turn.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes the turn; true for an owner. A page may be open longer than its reader is owner.</summary>
    public static async Task<bool> EnterAsync(UnitOfWork unit, Guid tenantId, Actor actor, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(unit, tenantId, cancellationToken);
        return await unit.Db.Set<Member>().AnyAsync(
            member => member.TenantId == tenantId && member.UserId == actor.Id && member.Role == MemberRole.Owner, cancellationToken);
    }

    /// <summary>True when the member is the only owner.</summary>
    public static async Task<bool> IsLastOwnerAsync(UnitOfWork unit, Member member, CancellationToken cancellationToken) =>
        member.Role is MemberRole.Owner && !await unit.Db.Set<Member>().AnyAsync(
            other => other.TenantId == member.TenantId && other.UserId != member.UserId && other.Role == MemberRole.Owner,
            cancellationToken);
}
