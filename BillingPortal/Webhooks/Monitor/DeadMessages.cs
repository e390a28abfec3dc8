using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>A message of the outbox that was given up. What it carries is not for people.</summary>
public sealed record DeadMessage(
    Guid Id, string Kind, Guid? TenantId, string? TenantName, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset DeadAt,
    string? LastError);

/// <summary>One page of dead messages and where the next, older one begins; null at the end.</summary>
public sealed record DeadMessagePage(IReadOnlyList<DeadMessage> Rows, TimeCursor? Next);

/// <summary>Dead messages of the outbox: listed newest first, put back with a line in the audit log.</summary>
public sealed class DeadMessages(Database database, AuditLog audit)
{
    public const int PageSize = 50;

    public async Task<DeadMessagePage> PageAsync(TimeCursor? before = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var messages = unit.Db.Set<OutboxMessage>().AsNoTracking().Where(message => message.DeadAt != null);
        if (before is { At: var at, Id: var id })
        {
            messages = messages.Where(row => row.DeadAt <= at && (row.DeadAt < at || row.Id.CompareTo(id) < 0));
        }

        var newest = messages.OrderByDescending(row => row.DeadAt).ThenByDescending(row => row.Id).Take(PageSize + 1);
        var found = await (from row in newest
                           join tenant in unit.Db.Set<Tenant>() on row.TenantId equals tenant.Id into known
                           from tenant in known.DefaultIfEmpty()
                           orderby row.DeadAt descending, row.Id descending
                           select new DeadMessage(
                               row.Id, row.Kind, row.TenantId, tenant == null ? null : tenant.Name, row.Attempts, row.CreatedAt,
                               row.DeadAt!.Value, row.LastError)).ToListAsync(cancellationToken);
        var rows = found.Take(PageSize).ToList();
        return new DeadMessagePage(rows, found.Count > PageSize ? new TimeCursor(rows[^1].DeadAt, rows[^1].Id) : null);
    }

    /// <summary>Up to <see cref="WebhookMonitor.CountMax"/> and one.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<OutboxMessage>().Where(row => row.DeadAt != null).Take(WebhookMonitor.CountMax + 1)
            .CountAsync(cancellationToken);
    }

    /// <summary>How many were put back. What is not dead any more is left alone.</summary>
    public async Task<int> ReplayAsync(IReadOnlyCollection<Guid> ids, Actor actor, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, PageSize);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var back = await OutboxDispatcher.ReplayAsync(unit, ids, cancellationToken);
        if (back.Count == 0)
        {
            return 0;
        }

        var tenants = back.Select(message => message.TenantId).Distinct().ToList();
        audit.Record(unit, new AuditRecord(
            TenantId: null, actor, "outbox.replayed", "outbox_messages",
            back is [var one] ? one.Id.ToString() : $"{back.Count} messages",
            back is [var single]
                ? $"Put the dead message {single.Kind} back to be delivered"
                : $"Put {back.Count} dead messages of {tenants.Count} tenants back to be delivered",
            Before: null, new { back.Count, Ids = back.Select(message => message.Id), Kinds = back.Select(m => m.Kind).Distinct() }));
        await unit.CommitAsync(cancellationToken);
        return back.Count;
    }
}
