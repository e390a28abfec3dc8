using BillingPortal.Data;
using BillingPortal.Outbox;

namespace BillingPortal.Alerts;

/// <summary>Takes note of what a person has read. To dismiss a banner is to have read it.</summary>
public sealed class NoticeService(Database database, BalanceFeed feed, TimeProvider time)
{
    private const string Read =
        """
        INSERT INTO notification_reads (tenant_id, user_id, notification_id, read_at)
        SELECT n.tenant_id, $2, n.id, $3 FROM notifications n
        WHERE n.tenant_id = $1 AND ($4 = '{}'::uuid[] OR n.id = ANY ($4)) ON CONFLICT DO NOTHING
        """;

    /// <summary>Without ids: everything.</summary>
    public async Task ReadAsync(
        Guid tenantId, Guid userId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using (var command = unit.Command(Read, tenantId, userId, time.GetUtcNow(), ids.ToArray()))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
    }
}
