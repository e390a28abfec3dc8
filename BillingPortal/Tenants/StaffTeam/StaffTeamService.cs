using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Tenants.Sessions;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.StaffTeam;

/// <summary>
/// The platform's own people in the hands of a lead. Holds at every commit: there is a lead, because nobody changes or removes
/// themselves and changes take turns. A session follows within a minute.
/// </summary>
public sealed class StaffTeamService(Database database, AuditLog audit)
{
    /// <summary>Everybody, by name.</summary>
    public async Task<IReadOnlyList<StaffEntry>> ReadAsync(CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from staff in unit.Db.Set<StaffMember>()
                      join user in unit.Db.Set<User>() on staff.UserId equals user.Id
                      orderby user.Name, user.Email
                      select new StaffEntry(
                          user.Id, user.Name, user.Email, staff.Role, user.IsTwoFactorEnabled, staff.CreatedAt,
                          unit.Db.Set<UserSession>().Where(session => session.UserId == user.Id)
                              .Max(session => (DateTimeOffset?)session.StartedAt))).ToListAsync(cancellationToken);
    }

    /// <summary>A lead makes somebody else a lead or an agent.</summary>
    public async Task<StaffOutcome> ChangeRoleAsync(
        Actor actor, Guid userId, StaffRole role, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var (refusal, staff, user) = await EnterAsync(unit, actor, userId, cancellationToken);
        if (refusal is not null || staff!.Role == role)
        {
            return refusal ?? StaffOutcome.Done;
        }

        var before = staff.Role;
        staff.Role = role;
        audit.Record(unit, Line(actor, user!, "staff.role_changed", $"{user!.Name} is {role.ToText().ToLowerInvariant()} now.") with
        {
            Before = new { user.Email, Role = before.ToText() },
            After = new { user.Email, Role = role.ToText() },
        });
        await unit.CommitAsync(cancellationToken);
        return StaffOutcome.Done;
    }

    /// <summary>A lead takes somebody's access away. What the person did stays in the log under their name.</summary>
    public async Task<StaffOutcome> RemoveAsync(Actor actor, Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var (refusal, staff, user) = await EnterAsync(unit, actor, userId, cancellationToken);
        if (refusal is { } refused)
        {
            return refused;
        }

        unit.Db.Remove(staff!);
        audit.Record(unit, Line(actor, user!, "staff.removed", $"{user!.Name} has no access to the desk any more.") with
        {
            Before = new { user.Email, Role = staff!.Role.ToText() },
        });
        await unit.CommitAsync(cancellationToken);
        return StaffOutcome.Done;
    }

    // One change at a time, or two leads could each remove the other; by what the database says of the actor then.
    private static async Task<(StaffOutcome? Refusal, StaffMember? Staff, User? User)> EnterAsync(
        UnitOfWork unit, Actor actor, Guid userId, CancellationToken cancellationToken)
    {
        await using var turn = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended('staff-team', 0))");
        await turn.ExecuteNonQueryAsync(cancellationToken);
        if (!await unit.Db.Set<StaffMember>().AnyAsync(row => row.UserId == actor.Id && row.Role == StaffRole.Lead, cancellationToken))
        {
            return (StaffOutcome.NotAllowed, null, null);
        }

        if (userId == actor.Id)
        {
            return (StaffOutcome.Oneself, null, null);
        }

        var staff = await unit.Db.Set<StaffMember>().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken);
        return staff is null
            ? (StaffOutcome.NotThere, null, null)
            : (null, staff, await unit.Db.Set<User>().SingleAsync(row => row.Id == userId, cancellationToken));
    }

    private static AuditRecord Line(Actor actor, User user, string action, string summary) =>
        new(TenantId: null, actor, action, "staff", user.Id.ToString(), summary);
}

/// <summary>One of the platform's own people, as a lead sees them.</summary>
public sealed record StaffEntry(
    Guid UserId, string Name, string Email, StaffRole Role, bool HasTwoStep, DateTimeOffset Since, DateTimeOffset? LastSignIn);

/// <summary>How a change of the staff ended.</summary>
public enum StaffOutcome
{
    Done = 1,

    /// <summary>The person is no lead, or no longer.</summary>
    NotAllowed = 2,

    /// <summary>Nobody changes or removes themselves: that keeps a lead.</summary>
    Oneself = 3,

    NotThere = 4,
}
