using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>
/// Puts events back to be dealt with once more, one or many, with one line in the audit log. Safe to repeat: what waits already is
/// left alone, and every handler may be called again.
/// </summary>
public sealed class WebhookReplay(Database database, WebhookInbox inbox, InboxDrain drain, AuditLog audit)
{
    /// <summary>Most events of one replay: new ones must not wait behind old ones for long.</summary>
    public const int EventsMax = 1000;

    /// <summary>Those that were put back.</summary>
    public async Task<IReadOnlyList<Guid>> ReplayAsync(
        IReadOnlyCollection<Guid> ids, Actor actor, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, EventsMax);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await PutBackAsync(unit, ids, actor, cancellationToken);
    }

    /// <summary>The oldest dead events that the filter finds, <see cref="EventsMax"/> at most.</summary>
    public async Task<IReadOnlyList<Guid>> ReplayDeadAsync(
        WebhookFilter filter, Actor actor, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var ids = await (filter with { State = EventState.Dead }).Apply(unit.Db.Set<WebhookEvent>())
            .OrderBy(row => row.ReceivedAt).ThenBy(row => row.Id).Take(EventsMax).Select(row => row.Id)
            .ToListAsync(cancellationToken);
        return await PutBackAsync(unit, ids, actor, cancellationToken);
    }

    private async Task<IReadOnlyList<Guid>> PutBackAsync(
        UnitOfWork unit, IReadOnlyCollection<Guid> ids, Actor actor, CancellationToken cancellationToken)
    {
        var back = await inbox.PutBackAsync(unit, ids, cancellationToken);
        if (back.Count == 0)
        {
            return [];
        }

        audit.Record(unit, back is [var one]
            ? new AuditRecord(
                TenantId: null, actor, "webhook.replayed", "webhook_event", one.Id.ToString(),
                $"Replayed {one.Type} of {one.Provider}, which was {TextCodes.Of(one.State)}",
                new { one.State }, new { State = EventState.Pending })
            : new AuditRecord(
                TenantId: null, actor, "webhook.replayed", "webhook_events", $"{back.Count} events",
                $"Replayed {back.Count} webhook events, {back.Count(row => row.State is EventState.Dead)} of them dead",
                Before: null, new { back.Count, Ids = back.Select(row => row.Id) }));
        await unit.CommitAsync(cancellationToken);
        drain.Wake();
        return [.. back.Select(row => row.Id)];
    }
}
