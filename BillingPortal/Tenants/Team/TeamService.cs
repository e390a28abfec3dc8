using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Team;

/// <summary>
/// Changes roles and ends memberships. Holds at every commit: a tenant that has members has an owner (a constraint in the database
/// says so too). A session follows within a minute.
/// </summary>
public sealed class TeamService(Database database, AuditLog audit, BalanceFeed feed)
{
    /// <summary>An owner gives a member another role; an owner may lower their own.</summary>
    public async Task<TeamOutcome> ChangeRoleAsync(
        Guid tenantId, Actor actor, Guid userId, MemberRole role, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!Enum.IsDefined(role) || !await TeamDoor.EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return TeamOutcome.NotAllowed;
        }

        if (await FindAsync(unit, tenantId, userId, cancellationToken) is not { } found)
        {
            return TeamOutcome.NotThere;
        }

        var (member, user) = found;
        if (member.Role == role)
        {
            return TeamOutcome.Done;
        }

        if (await TeamDoor.IsLastOwnerAsync(unit, member, cancellationToken))
        {
            return TeamOutcome.LastOwner;
        }

        var before = member.Role;
        member.Role = role;
        audit.Record(unit, Line(tenantId, actor, "member.role_changed", user, $"{user.Name} is {TeamTexts.A(role)} now, was "
            + $"{TeamTexts.A(before)}.") with
        {
            Before = new { user.Email, Role = before.ToText() },
            After = new { user.Email, Role = role.ToText() },
        });
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return TeamOutcome.Done;
    }

    /// <summary>An owner ends another's membership. Nobody's keys end by it: keys are the tenant's.</summary>
    public async Task<TeamOutcome> RemoveAsync(
        Guid tenantId, Actor actor, Guid userId, CancellationToken cancellationToken = default)
    {
        if (userId == actor.Id)
        {
            return await LeaveAsync(tenantId, actor, cancellationToken);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await TeamDoor.EnterAsync(unit, tenantId, actor, cancellationToken)
            ? await EndAsync(unit, tenantId, actor, userId, cancellationToken)
            : TeamOutcome.NotAllowed;
    }

    /// <summary>A member of any role ends their own membership.</summary>
    public async Task<TeamOutcome> LeaveAsync(Guid tenantId, Actor actor, CancellationToken cancellationToken = default)
    {
        if (actor is not { Kind: ActorKind.Person, Id: { } userId })
        {
            return TeamOutcome.NotAllowed;
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await TeamDoor.TakeTurnAsync(unit, tenantId, cancellationToken);
        return await EndAsync(unit, tenantId, actor, userId, cancellationToken);
    }

    private async Task<TeamOutcome> EndAsync(
        UnitOfWork unit, Guid tenantId, Actor actor, Guid userId, CancellationToken cancellationToken)
    {
        if (await FindAsync(unit, tenantId, userId, cancellationToken) is not { } found)
        {
            return TeamOutcome.NotThere;
        }

        var (member, user) = found;
        if (await TeamDoor.IsLastOwnerAsync(unit, member, cancellationToken))
        {
            return TeamOutcome.LastOwner;
        }

        unit.Db.Remove(member);
        var (action, words) = userId == actor.Id ? ("member.left", "left") : ("member.removed", "was removed");
        audit.Record(unit, Line(tenantId, actor, action, user, $"{user.Name} ({member.Role.ToText().ToLowerInvariant()}) {words}.") with
        {
            Before = new { user.Email, Role = member.Role.ToText() },
        });
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return TeamOutcome.Done;
    }

    private static async Task<(Member Member, User User)?> FindAsync(
        UnitOfWork unit, Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        var found = await (from member in unit.Db.Set<Member>()
                           join user in unit.Db.Set<User>() on member.UserId equals user.Id
                           where member.TenantId == tenantId && member.UserId == userId
                           select new { member, user }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.member, found.user);
    }

    private static AuditRecord Line(Guid tenantId, Actor actor, string action, User user, string summary) =>
        new(tenantId, actor, action, "member", user.Id.ToString(), summary);
}
