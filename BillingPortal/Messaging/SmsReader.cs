using BillingPortal.Data;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>A message with its timeline, in the order in which it happened.</summary>
/// <param name="EntrySeq">The entry that charged it: its own, or its month's settlement once there is one.</param>
public sealed record SmsRow(SmsMessage Message, IReadOnlyList<SmsStep> Steps, long? EntrySeq);

/// <summary>One page, newest first.</summary>
/// <param name="Next">Null: there is nothing older.</param>
public sealed record SmsList(IReadOnlyList<SmsRow> Rows, SmsCursor? Next);

/// <summary>
/// Reads a tenant's messages page by page, newest first, over millions of rows: filters walk an index that holds all
/// they ask for, a whole number of the other side has one of its own, and a text is looked for in a bounded number of
/// messages at a time. Changes nothing.
/// </summary>
public sealed class SmsReader(Database database)
{
    // A text has no index: a page looks through so many messages, then offers to go on from there.
    internal const int SearchedPerPage = 50_000;

    public async Task<SmsList> PageAsync(
        Guid tenantId, SmsFilter filter, SmsCursor? before, int limit, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var until = await SmsListSql.SearchEndAsync(work, tenantId, filter, before, SearchedPerPage, cancellationToken);
        var found = await SmsListSql.FindAsync(work, tenantId, filter, before, until, limit + 1, cancellationToken);
        var next = found.Count > limit ? found[limit - 1] : until;
        var rows = await LoadAsync(work, [.. found.Take(limit).Select(cursor => cursor.Id)], cancellationToken);
        return new SmsList(rows, next);
    }

    /// <summary>Null when there is no such message of this tenant.</summary>
    public async Task<SmsMessage?> FindAsync(
        Guid tenantId, Guid messageId, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        return await work.Db.Set<SmsMessage>().AsNoTracking().SingleOrDefaultAsync(
            message => message.TenantId == tenantId && message.Id == messageId, cancellationToken);
    }

    /// <summary>Whether there has ever been one.</summary>
    public async Task<bool> AnyAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        return await work.Db.Set<SmsMessage>().AnyAsync(message => message.TenantId == tenantId, cancellationToken);
    }

    private static async Task<IReadOnlyList<SmsRow>> LoadAsync(
        UnitOfWork work, Guid[] ids, CancellationToken cancellationToken)
    {
        var messages = await work.Db.Set<SmsMessage>().AsNoTracking().Where(message => ids.Contains(message.Id))
            .ToDictionaryAsync(message => message.Id, cancellationToken);
        var steps = (await work.Db.Set<SmsStep>().AsNoTracking().Where(step => ids.Contains(step.MessageId))
            .ToListAsync(cancellationToken)).ToLookup(step => step.MessageId);
        var settled = await SettledAsync(work, messages.Values, cancellationToken);
        return [.. ids.Where(messages.ContainsKey).Select(id => new SmsRow(
            messages[id], [.. steps[id].OrderBy(step => step.At).ThenBy(step => step.State)],
            messages[id].EntrySeq
                ?? (messages[id].ReservationId is { } month && settled.TryGetValue(month, out var seq) ? seq : null)))];
    }

    private static async Task<Dictionary<Guid, long>> SettledAsync(
        UnitOfWork work, IEnumerable<SmsMessage> messages, CancellationToken cancellationToken)
    {
        Guid[] months = [.. messages.Select(message => message.ReservationId).OfType<Guid>().Distinct()];
        return months.Length == 0
            ? []
            : await work.Db.Set<MonthlyBilling>().AsNoTracking().Where(billing => months.Contains(billing.HoldId))
                .ToDictionaryAsync(billing => billing.HoldId, billing => billing.EntrySeq, cancellationToken);
    }
}
