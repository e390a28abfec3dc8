using System.Globalization;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Viewing;

/// <summary>
/// Which looks at tenants' portals were begun and not ended. The audit log is the list: a look without its line does not exist,
/// and one whose end stands there is over, whoever still holds its cookie.
/// </summary>
public sealed class TenantViews(Database database, AuditLog audit)
{
    public const string Begun = "tenant.viewed";
    public const string Ended = "tenant.view_ended";
    public const int ReasonMin = 3;
    public const int ReasonMax = 200;
    private const string Subject = "view";

    /// <summary>However long the staff's session still is (product owner: half an hour).</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Writes down who looks, why and until when; commits. Null for a stranger, or when there is no such tenant.</summary>
    public async Task<TenantView?> BeginAsync(
        Guid staffId, Guid tenantId, string reason, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var isKnown = await unit.Db.Set<Tenant>().AnyAsync(tenant => tenant.Id == tenantId, cancellationToken);
        if (!isKnown || await ActorAsync(unit, staffId, cancellationToken) is not { } actor)
        {
            return null;
        }

        // Whole seconds, as the session keeps them.
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var view = new TenantView(Ids.New(), staffId, tenantId, now + Longest);
        audit.Record(unit, new AuditRecord(
            tenantId, actor, Begun, Subject, view.Id.ToString(), $"{actor.Name} looks at the tenant's portal: {reason}",
            After: new { Reason = reason, Until = $"{view.Until.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" }));
        await unit.CommitAsync(cancellationToken);
        return view;
    }

    /// <summary>Why the look is over; null while it is open. Asks the database each time.</summary>
    public async Task<ViewEnd?> EndOfAsync(TenantView view, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var actions = await Lines(unit, view).Select(line => line.Action).ToListAsync(cancellationToken);
        return !actions.Contains(Begun) ? ViewEnd.NeverBegun
            : actions.Contains(Ended) ? ViewEnd.Ended
            : TimeProvider.System.GetUtcNow() >= view.Until ? ViewEnd.TimeOver
            : await ActorAsync(unit, view.StaffId, cancellationToken) is null ? ViewEnd.NotStaff : null;
    }

    /// <summary>Writes the end down, once; commits. What never began is left alone.</summary>
    public async Task EndAsync(TenantView view, ViewEnd end, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var locked = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"view {view.Id}");
        await locked.ExecuteNonQueryAsync(cancellationToken);
        var lines = await Lines(unit, view).ToListAsync(cancellationToken);
        if (lines.Find(line => line.Action == Begun) is not { } begun || lines.Exists(line => line.Action == Ended))
        {
            return;
        }

        var why = end switch
        {
            ViewEnd.Asked => "stopped looking at the tenant's portal.",
            ViewEnd.TimeOver => "no longer looks at the tenant's portal: the half hour was over.",
            ViewEnd.NotStaff => "no longer looks at the tenant's portal: not of the staff any more.",
            ViewEnd.NeverBegun or ViewEnd.Ended => throw new ArgumentOutOfRangeException(nameof(end)),
        };
        audit.Record(unit, new AuditRecord(
            view.TenantId, new Actor(begun.ActorKind, begun.ActorId, begun.ActorName), Ended, Subject, view.Id.ToString(),
            $"{begun.ActorName} {why}"));
        await unit.CommitAsync(cancellationToken);
    }

    // Of this look, of this person, at this tenant: claims that were put together from several looks find nothing.
    private static IQueryable<AuditLine> Lines(UnitOfWork unit, TenantView view)
    {
        var id = view.Id.ToString();
        return unit.Db.Set<AuditLine>().AsNoTracking().Where(line => line.SubjectType == Subject && line.SubjectId == id
            && line.TenantId == view.TenantId && line.ActorId == view.StaffId);
    }

    private static async Task<Actor?> ActorAsync(UnitOfWork unit, Guid staffId, CancellationToken cancellationToken)
    {
        var found = await (from staff in unit.Db.Set<StaffMember>()
                           join user in unit.Db.Set<User>() on staff.UserId equals user.Id
                           where staff.UserId == staffId
                           select new { user.Name, staff.Role }).SingleOrDefaultAsync(cancellationToken);
        return found is null
            ? null
            : new Actor(ActorKind.Staff, staffId, $"{found.Name} ({found.Role.ToText().ToLowerInvariant()})");
    }
}

/// <summary>Why a look is over.</summary>
public enum ViewEnd
{
    /// <summary>By the person's own click.</summary>
    Asked,

    /// <summary>Its line in the audit log says so already.</summary>
    Ended,

    /// <summary>The half hour has passed.</summary>
    TimeOver,

    /// <summary>Whoever looks is not of the staff any more.</summary>
    NotStaff,

    /// <summary>Nobody ever began it: no such line in the audit log.</summary>
    NeverBegun,
}
