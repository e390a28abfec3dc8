using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Audit;

/// <summary>Reads the log newest first, page by page. Changes nothing.</summary>
public sealed class AuditReader(Database database)
{
    public const int PageMax = 200;

    private const int PeopleMax = 100;

    /// <summary>The operator's view: every tenant's lines and those that belong to none.</summary>
    public async Task<AuditPage> PageAsync(
        AuditFilter filter, AuditCursor? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await ReadAsync(unit, filter, before, limit, cancellationToken);
    }

    /// <summary>A tenant's own view: its lines alone, whatever the filter says (row-level security).</summary>
    public async Task<AuditPage> PageOfTenantAsync(
        Guid tenantId, AuditFilter filter, AuditCursor? before = null, int limit = 50, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await ReadAsync(unit, filter with { TenantId = tenantId }, before, limit, cancellationToken);
    }

    /// <summary>People and keys that stand in a tenant's log, by their latest name; the first hundred by name.</summary>
    public async Task<IReadOnlyList<AuditPerson>> PeopleOfTenantAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var names = await unit.Db.Set<AuditLine>().AsNoTracking()
            .Where(line => line.TenantId == tenantId && line.ActorId != null
                && (line.ActorKind == ActorKind.Person || line.ActorKind == ActorKind.ApiKey))
            .GroupBy(line => new { line.ActorId, line.ActorName })
            .Select(group => new { group.Key.ActorId, group.Key.ActorName, Last = group.Max(line => line.At) })
            .ToListAsync(cancellationToken);
        return
        [
            .. names.GroupBy(name => name.ActorId!.Value).Select(one => new AuditPerson(one.Key, one.MaxBy(name => name.Last)!.ActorName))
                .OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase).Take(PeopleMax),
        ];
    }

    private static async Task<AuditPage> ReadAsync(
        UnitOfWork unit, AuditFilter filter, AuditCursor? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, PageMax));
        var lines = filter.Apply(unit.Db.Set<AuditLine>().AsNoTracking());
        if (before is { At: var at, Id: var id })
        {
            lines = lines.Where(line => line.At < at || (line.At == at && line.Id.CompareTo(id) < 0));
        }

        var found = await (from line in lines.OrderByDescending(line => line.At).ThenByDescending(line => line.Id).Take(limit + 1)
                           join tenant in unit.Db.Set<Tenant>() on line.TenantId equals tenant.Id into known
                           from tenant in known.DefaultIfEmpty()
                           orderby line.At descending, line.Id descending
                           select new AuditItem(line, tenant == null ? null : tenant.Name)).ToListAsync(cancellationToken);
        var items = found.Take(limit).ToList();
        return new AuditPage(items, found.Count > limit ? new AuditCursor(items[^1].Line.At, items[^1].Line.Id) : null);
    }
}

/// <summary>What to look for; what is null does not matter.</summary>
public sealed record AuditFilter
{
    public Guid? TenantId { get; init; }

    public ActorKind? ActorKind { get; init; }

    public Guid? ActorId { get; init; }

    /// <summary>How the action begins: <c>price</c> finds <c>price.changed</c>.</summary>
    public string? Action { get; init; }

    public string? SubjectType { get; init; }

    /// <summary>Any of these types.</summary>
    public IReadOnlyList<string>? Subjects { get; init; }

    public string? SubjectId { get; init; }

    /// <summary>Included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Excluded.</summary>
    public DateTimeOffset? To { get; init; }

    internal IQueryable<AuditLine> Apply(IQueryable<AuditLine> lines)
    {
        lines = TenantId is { } tenant ? lines.Where(line => line.TenantId == tenant) : lines;
        lines = ActorKind is { } kind ? lines.Where(line => line.ActorKind == kind) : lines;
        lines = ActorId is { } actor ? lines.Where(line => line.ActorId == actor) : lines;
        lines = Action is { } action ? lines.Where(line => line.Action.StartsWith(action)) : lines;
        lines = SubjectType is { } type ? lines.Where(line => line.SubjectType == type) : lines;
        lines = Subjects is { } subjects ? lines.Where(line => subjects.Contains(line.SubjectType)) : lines;
        lines = SubjectId is { } id ? lines.Where(line => line.SubjectId == id) : lines;
        lines = From is { } from ? lines.Where(line => line.At >= from) : lines;
        return To is { } to ? lines.Where(line => line.At < to) : lines;
    }
}

/// <summary>A person or a program that stands in the log.</summary>
public sealed record AuditPerson(Guid Id, string Name);

/// <summary>A line and its tenant's present name.</summary>
public sealed record AuditItem(AuditLine Line, string? TenantName);

/// <summary>One page of the log and where the next, older one begins; null at the end.</summary>
public sealed record AuditPage(IReadOnlyList<AuditItem> Items, AuditCursor? Next);
