using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Team;

/// <summary>A member as colleagues see them.</summary>
public sealed record TeamMember(Guid UserId, string Name, string Email, MemberRole Role, DateTimeOffset Since);

/// <summary>The team as of a moment; invitations for owners only.</summary>
public sealed record TeamBoard(IReadOnlyList<TeamMember> Members, IReadOnlyList<Invitation> Invitations, DateTimeOffset At);

/// <summary>Reads a tenant's team. The tenant's id stands in every query, because people are closed to the tenant's own role.</summary>
public sealed class TeamReader(Database database, TimeProvider clock)
{
    public async Task<TeamBoard> ReadAsync(Guid tenantId, bool withInvitations, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var members = await (from member in unit.Db.Set<Member>()
                             join user in unit.Db.Set<User>() on member.UserId equals user.Id
                             where member.TenantId == tenantId
                             orderby user.Name, user.Email
                             select new TeamMember(user.Id, user.Name, user.Email, member.Role, member.CreatedAt))
            .ToListAsync(cancellationToken);
        List<Invitation> invitations = withInvitations
            ? await unit.Db.Set<Invitation>().AsNoTracking()
                .Where(row => row.TenantId == tenantId && row.AcceptedAt == null && row.WithdrawnAt == null)
                .OrderBy(row => row.Email).ToListAsync(cancellationToken)
            : [];
        return new TeamBoard(members, invitations, clock.GetUtcNow());
    }
}
