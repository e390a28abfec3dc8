using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants;

/// <summary>
/// Writes what happened to a person's sign-in into the audit log, in the transaction of the change: once for each tenant of the
/// person, whose owners may read it, or for the platform where there is none. Never commits.
/// </summary>
public sealed class AccountLog(AuditLog audit)
{
    /// <param name="unit">The operator's.</param>
    /// <param name="user">Whose sign-in.</param>
    /// <param name="action">Dotted: <c>password.changed</c>.</param>
    /// <param name="summary">One plain sentence.</param>
    /// <param name="actor">Null: the person.</param>
    /// <param name="after">Never a secret.</param>
    /// <param name="before">Never a secret.</param>
    public async Task RecordAsync(
        UnitOfWork unit, User user, string action, string summary, Actor? actor = null, object? after = null,
        object? before = null, CancellationToken cancellationToken = default)
    {
        var isStaff = await unit.Db.Set<StaffMember>().AnyAsync(staff => staff.UserId == user.Id, cancellationToken);
        actor ??= new Actor(isStaff ? ActorKind.Staff : ActorKind.Person, user.Id, user.Name);
        var tenants = await unit.Db.Set<Member>().Where(member => member.UserId == user.Id).OrderBy(member => member.TenantId)
            .Select(member => (Guid?)member.TenantId).ToListAsync(cancellationToken);
        foreach (var tenantId in tenants.DefaultIfEmpty(null))
        {
            audit.Record(unit, new AuditRecord(tenantId, actor, action, "user", user.Id.ToString(), summary, before, after));
        }
    }
}
