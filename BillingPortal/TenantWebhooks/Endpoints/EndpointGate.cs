using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.TenantWebhooks.Endpoints;

/// <summary>Who may change what, asked again at every change: a page may be open longer than its reader has the role.</summary>
internal static class EndpointGate
{
    /// <summary>Owners make and change endpoints.</summary>
    public static Task<bool> MayManageAsync(
        UnitOfWork unit, Guid tenantId, Actor actor, CancellationToken cancellationToken) =>
        IsAsync(unit, tenantId, actor, [MemberRole.Owner], cancellationToken);

    /// <summary>Billing admins send tests and send again.</summary>
    public static Task<bool> MaySendAsync(
        UnitOfWork unit, Guid tenantId, Actor actor, CancellationToken cancellationToken) =>
        IsAsync(unit, tenantId, actor, [MemberRole.Owner, MemberRole.BillingAdmin], cancellationToken);

    private static Task<bool> IsAsync(
        UnitOfWork unit, Guid tenantId, Actor actor, MemberRole[] roles, CancellationToken cancellationToken) =>
        unit.Db.Set<Member>().AnyAsync(
            member => member.TenantId == tenantId && member.UserId == actor.Id && roles.Contains(member.Role),
            cancellationToken);
}
